package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/cairnstate/cairn/checkpoint"
)

// StateReader reads the bytes of a handle at any offset. It keeps what it has read
// lately in memory, three times [ReadOptions.MaxRequest] bytes at most, and reads ahead of
// who reads on: ever larger requests, up to that size. All bytes are of one version
// of the file.
//
// ReadAt is safe for use by many goroutines at once; Read and Seek are for one.
type StateReader struct {
	name   string
	blocks *blocks
	offset int64
}

var _ interface {
	io.ReaderAt
	io.ReadSeekCloser
} = (*StateReader)(nil)

// OpenStateAt opens the handle for random access. opts may be nil; its MaxGap means
// nothing here. One request finds out whether the file is there, and brings the
// beginning of it. The context holds until the reader is closed.
func OpenStateAt(ctx context.Context, at CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle, opts *ReadOptions) (*StateReader, error) {
	name := redact(at.ExternalPointer())
	source, err := sourceOf(at, handle)
	if err != nil {
		return nil, fmt.Errorf("storage: open state of %s: %w", name, err)
	}
	b := newBlocks(ctx, source, opts.orDefaults())
	if err := b.begin(); err != nil {
		b.close()
		return nil, fmt.Errorf("storage: open state of %s: %w", name, err)
	}
	return &StateReader{name: name, blocks: b}, nil
}

// Size returns the number of bytes of the handle.
func (r *StateReader) Size() int64 { return r.blocks.size }

// ReadAt reads as [io.ReaderAt] says.
func (r *StateReader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("storage: read state of %s at %d: %w", r.name, off, fs.ErrInvalid)
	}
	read := 0
	for read < len(p) {
		n, err := r.blocks.readSome(p[read:], off+int64(read))
		if read += n; errors.Is(err, io.EOF) {
			return read, io.EOF
		}
		if err != nil {
			return read, fmt.Errorf("storage: read state of %s at %d: %w", r.name, off+int64(read), err)
		}
	}
	return read, nil
}

// Read reads from where the last Read or Seek ended.
func (r *StateReader) Read(p []byte) (int, error) {
	n, err := r.ReadAt(p, r.offset)
	r.offset += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// Seek sets where the next Read begins.
func (r *StateReader) Seek(offset int64, whence int) (int64, error) {
	base, ok := map[int]int64{io.SeekStart: 0, io.SeekCurrent: r.offset, io.SeekEnd: r.blocks.size}[whence]
	if !ok || base+offset < 0 {
		return 0, fmt.Errorf("storage: seek in state of %s to %d from %d: %w", r.name, offset, whence, fs.ErrInvalid)
	}
	r.offset = base + offset
	return r.offset, nil
}

// Close ends all requests, and waits for them. It may be called more than once.
func (r *StateReader) Close() error {
	r.blocks.close()
	return nil
}
