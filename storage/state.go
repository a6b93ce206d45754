package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// ErrTruncated says that a state file is shorter than the metadata says.
var ErrTruncated = errors.New("state file is truncated")

// OpenState opens all bytes of the handle.
func (l *location) OpenState(ctx context.Context, handle checkpoint.StreamStateHandle) (io.ReadCloser, error) {
	return l.OpenStateRange(ctx, handle, 0, 0)
}

// OpenStateRange opens a range of the handle's bytes.
func (l *location) OpenStateRange(ctx context.Context, handle checkpoint.StreamStateHandle, offset, length int64) (io.ReadCloser, error) {
	e, err := l.locate(handle)
	if err == nil && (offset < 0 || length < 0) {
		err = fmt.Errorf("%w: negative range", fs.ErrInvalid)
	}
	if size, known := e.ends(); err == nil && known && offset > size {
		err = fmt.Errorf("%w: byte %d of %s, which has %d bytes", ErrOutsideState, offset, nameOf(handle), size)
	}
	if err != nil {
		return nil, fmt.Errorf("storage: open state of %s: %w", l, err)
	}
	if !e.isFile {
		return io.NopCloser(bytes.NewReader(clip(e.inline, offset, length))), nil
	}
	r, err := l.openExtent(ctx, e, offset, length)
	if err != nil {
		return nil, fmt.Errorf("storage: open state %q of %s: %w", redact(e.path.String()), l, err)
	}
	return r, nil
}

// clip returns a range of data; length 0 means to the end.
func clip(data []byte, offset, length int64) []byte {
	data = data[min(offset, int64(len(data))):]
	if length > 0 {
		data = data[:min(length, int64(len(data)))]
	}
	return data
}

func (l *location) openExtent(ctx context.Context, e extent, offset, length int64) (io.ReadCloser, error) {
	opts, want := e.cut(offset, length)
	if !e.toEnd && want == 0 { // a range of no bytes cannot be asked for
		return io.NopCloser(bytes.NewReader(nil)), l.mayRead(e.path)
	}
	r, err := l.openAllowed(ctx, e.path, opts)
	if err != nil {
		return nil, err
	}
	if !e.sizeIsExact() {
		return r, nil
	}
	if err := e.fitsInto(r.Info()); err != nil {
		_ = r.Close()
		return nil, err
	}
	return &complete{Reader: r, path: e.path, missing: want}, nil
}

// openAllowed opens a file if one of the allowed places holds it.
func (l *location) openAllowed(ctx context.Context, p Path, opts backend.OpenOptions) (r backend.Reader, err error) {
	err = l.readAllowed(ctx, p, opts, func(b backend.Backend, opts *backend.OpenOptions) error {
		r, err = b.Open(ctx, p.Key(), opts)
		return err
	})
	return r, err
}

// complete is a reader that does not end before the bytes that must come.
type complete struct {
	backend.Reader
	path    Path
	missing int64
}

func (c *complete) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.missing -= int64(n)
	if errors.Is(err, io.EOF) && c.missing > 0 {
		return n, fmt.Errorf("storage: read state %q: %w: it ended %d bytes early: %w", redact(c.path.String()), ErrTruncated, c.missing, io.ErrUnexpectedEOF)
	}
	return n, err
}
