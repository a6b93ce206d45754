package s3

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/cairnstate/cairn/storage/backend"
)

// Upload makes the object of what is in r, in several parts at once if it is large.
// None of it is kept in memory, unless it is small: each part is read once for its
// checksum, and once more to be sent; that of a file without TLS by the kernel.
func (b *Backend) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	calls, err := b.beginWrite(ctx, "upload", key)
	if err != nil {
		return err
	}
	if size < 0 {
		return b.fail(ctx, "upload", key, fmt.Errorf("%w: a size of %d", fs.ErrInvalid, size))
	}
	w := b.newWriter(ctx, calls, key, opts)
	err = w.publishAll(source{from: r, size: size})
	if err == nil {
		return nil
	}
	if theirs, ok := errors.AsType[*sourceError](err); ok {
		err = theirs.err
	} else {
		err = b.fail(ctx, "upload", key, err)
	}
	if w.upload == nil {
		return err
	}
	if left := w.upload.abort(); left != nil {
		err = errors.Join(err, b.fail(ctx, "upload", key, left))
	}
	return err
}

// publishAll makes the object, of which nothing was written yet, be.
func (w *writer) publishAll(s source) error {
	if s.size <= int64(min(smallBuffer, w.backend.options.PartSize)) {
		if err := w.take(s); err != nil {
			return err
		}
		return w.publish()
	}
	o := object{key: w.key, source: s, token: w.token, conditions: w.conditions}
	if s.size <= int64(w.backend.options.PartSize) {
		var err error
		if o.sum, err = w.checksum(w.calls.proof(), s); err != nil {
			return err
		}
		_, err = w.calls.create(w.ctx, o)
		return w.calls.settle(w.ctx, o, err)
	}
	if err := w.uploadParts(s); err != nil {
		return err
	}
	return w.calls.settle(w.ctx, o, w.upload.complete())
}

// take makes the source the part: for one call to the kernel, to read again is more
// than to keep.
func (w *writer) take(s source) error {
	buffer := w.backend.buffers.get(int(s.size))
	if _, err := s.read(buffer[:s.size], 0); err != nil {
		w.backend.buffers.put(buffer)
		return err
	}
	w.part = buffer[:s.size]
	w.sum = crc32.Checksum(w.part, castagnoli)
	return nil
}

// uploadParts uploads all of the source, and waits for it.
func (w *writer) uploadParts(s source) error {
	var err error
	if w.upload, err = w.begin(); err != nil {
		return err
	}
	w.upload.group.SetLimit(w.backend.options.Concurrency)
	each := max(w.backend.rangeSize(s.size), (s.size+maxParts-1)/maxParts)
	for at := int64(0); at < s.size; at += each {
		part := source{from: s.from, at: at, size: min(each, s.size-at)}
		if err := w.upload.add(func(number int32) (types.CompletedPart, error) { return w.uploadPart(number, part) }); err != nil {
			return err
		}
	}
	return w.upload.group.Wait()
}

func (w *writer) uploadPart(number int32, s source) (types.CompletedPart, error) {
	sum, err := w.checksum(w.upload.proof, s)
	if err != nil {
		return types.CompletedPart{}, err
	}
	done, _, err := w.upload.put(number, s, sum)
	return done, err
}

// checksum computes the checksum of a source if it is sent.
func (w *writer) checksum(p proof, s source) (uint32, error) {
	if !p.crc {
		return 0, nil
	}
	buffer := w.backend.buffers.get(smallBuffer)
	defer w.backend.buffers.put(buffer)
	return s.checksum(buffer[:cap(buffer)])
}
