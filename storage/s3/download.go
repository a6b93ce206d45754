package s3

import (
	"context"
	"errors"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/storage/backend"
)

// largestRange bounds the ranges of a download: what breaks off is resumed, but a
// range that is slow holds up the end.
const largestRange = 64 << 20

// Download reads the object, or a range of it, into w, in several ranges at once
// if it is large.
func (b *Backend) Download(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
	opened, err := b.Open(ctx, key, opts)
	if err != nil {
		return backend.Info{}, err
	}
	defer opened.Close()
	r := opened.(*reader)
	from, stop, end := r.at, r.stop, r.end
	if stop < end { // the rest is for others, and the checksum is that of all
		r.end, r.sums = stop, nil
	}
	turn := &sync.Mutex{}
	first := &section{w: w, turn: turn}
	if stop == end { // and there is no rest
		return r.info, b.writeAt(r, first)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.options.Concurrency)
	group.Go(func() error { return b.writeAt(r, first) })
	for size := b.rangeSize(end - stop); stop < end; stop += size {
		offset, length := stop, min(size, end-stop)
		group.Go(func() error {
			return b.downloadRange(ctx, r, offset, length, &section{w: w, turn: turn, at: offset - from})
		})
	}
	return r.info, group.Wait()
}

// rangeSize divides what is to be read into ranges that keep all connections busy
// and are few.
func (b *Backend) rangeSize(length int64) int64 {
	each := length / int64(4*b.options.Concurrency)
	return max(int64(b.options.PartSize), min(each, largestRange))
}

// writeAt writes what the reader reads.
func (b *Backend) writeAt(r *reader, to *section) error {
	_, err := r.WriteTo(to)
	return r.failWriting(err)
}

func (b *Backend) downloadRange(ctx context.Context, r *reader, offset, length int64, to *section) error {
	buffer := b.buffers.get(mediumBuffer)
	defer b.buffers.put(buffer)
	start := to.at
	err := b.copyRange(ctx, r.calls, r.info.Key, r.etag, offset, length, func(body io.Reader, at int64) (int64, error) {
		to.at = start + at
		n, err := pour(to, io.LimitReader(body, length-at), buffer[:cap(buffer)])
		if err == nil && n < length-at {
			err = io.ErrUnexpectedEOF
		}
		return n, err
	})
	return r.failWriting(err)
}

// pour writes what is in r, in pieces that are not as small as they come.
func pour(w io.Writer, r io.Reader, buffer []byte) (written int64, err error) {
	for err == nil {
		var n int
		n, err = io.ReadAtLeast(r, buffer, gathered)
		if n > 0 {
			put, failed := w.Write(buffer[:n])
			written += int64(put)
			if failed != nil {
				return written, failed
			}
		}
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return written, nil
	}
	return written, err
}

// failWriting returns the error of the writer as it is, and that of the store
// explained.
func (r *reader) failWriting(err error) error {
	if err == nil {
		return nil
	}
	if own, ok := errors.AsType[*writingError](err); ok {
		return own.err
	}
	if _, explained := errors.AsType[*backend.Error](err); explained {
		return err
	}
	return r.fail(err)
}

// section is a writer into a part of w.
type section struct {
	w    io.WriterAt
	turn *sync.Mutex // the kernel writes to a file one after the other, and waits for its turn busily
	at   int64
}

func (s *section) Write(p []byte) (int, error) {
	s.turn.Lock()
	n, err := s.w.WriteAt(p, s.at)
	s.turn.Unlock()
	s.at += int64(n)
	if err != nil {
		err = &writingError{err}
	}
	return n, err
}
