package mem

import (
	"context"
	"errors"
	"io"

	"github.com/cairnstate/cairn/storage/backend"
)

var (
	errClosed    = errors.New("already closed")
	errCommitted = errors.New("already committed")
)

// reader reads a range of an object's data, which nobody changes any more.
type reader struct {
	ctx     context.Context
	backend *Backend
	rest    []byte
	info    backend.Info
	closed  bool
}

func (r *reader) Read(p []byte) (int, error) {
	switch {
	case r.closed:
		return 0, r.backend.fail("read", r.info.Key, errClosed)
	case r.ctx.Err() != nil:
		return 0, r.backend.fail("read", r.info.Key, r.ctx.Err())
	case len(r.rest) == 0:
		return 0, io.EOF
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *reader) Close() error {
	r.closed = true
	return nil
}

func (r *reader) Info() backend.Info { return r.info }

// clip returns the range of data that the options ask for.
func clip(data []byte, opts *backend.OpenOptions) []byte {
	size := int64(len(data))
	start := min(opts.Offset, size)
	if opts.Length > 0 && opts.Length < size-start {
		size = start + opts.Length
	}
	return data[start:size]
}

// writer gathers an object until it is committed.
type writer struct {
	ctx      context.Context
	backend  *Backend
	key      string
	ifAbsent bool
	data     []byte
	done     error // nil while it may be written
}

func (w *writer) Write(p []byte) (int, error) {
	if err := w.usable(); err != nil {
		return 0, err
	}
	w.data = append(w.data, p...)
	return len(p), nil
}

func (w *writer) Commit() error {
	if err := w.usable(); err != nil {
		return err
	}
	w.done = errCommitted
	data := w.data
	w.data = nil
	defer w.backend.ended(w)
	return w.backend.publish("create", w.key, data, w.ifAbsent)
}

func (w *writer) Close() error {
	w.data = nil
	if w.done == nil {
		w.done = errClosed
		w.backend.ended(w)
	}
	return nil
}

func (w *writer) usable() error {
	if w.done != nil {
		return w.backend.fail("create", w.key, w.done)
	}
	if err := w.ctx.Err(); err != nil {
		return w.backend.fail("create", w.key, err)
	}
	return nil
}
