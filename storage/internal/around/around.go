package around

import (
	"context"
	"iter"

	"github.com/cairnstate/cairn/storage/backend"
)

// Backend is another backend with a hook around each call.
type Backend struct {
	backend.Through
	hook Hook
}

// Wrap puts the hook around the calls of b.
func Wrap(b backend.Backend, hook Hook) *Backend {
	return &Backend{backend.Through{Backend: b}, hook}
}

// Open opens the object within.
func (b *Backend) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	c := opening(ctx, Open, key, opts)
	var r backend.Reader
	err := b.hook(c, func() (err error) {
		if r, err = b.Through.Open(ctx, key, opts); err == nil {
			c.Info = r.Info()
		}
		return err
	})
	if err == nil {
		return newReader(b.hook, r, c), nil
	}
	if r != nil && !c.Leave {
		r.Close()
	}
	return nil, err
}

// Stat describes the object.
func (b *Backend) Stat(ctx context.Context, key string) (backend.Info, error) {
	c := &Call{Context: ctx, Op: Stat, Key: key}
	err := b.hook(c, func() (err error) {
		c.Info, err = b.Through.Stat(ctx, key)
		return err
	})
	if err != nil {
		return backend.Info{}, err
	}
	return c.Info, nil
}

// List yields what the backend within yields.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		c := &Call{Context: ctx, Op: List, Key: prefix}
		if err := b.hook(c, func() error { return nil }); err != nil {
			yield(backend.Info{}, err)
			return
		}
		list(b.hook, c, b.Through.List(ctx, prefix), yield)
	}
}

// Create begins to write the object within.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	c := &Call{Context: ctx, Op: Create, Key: key, IfAbsent: opts != nil && opts.IfAbsent}
	var w backend.Writer
	err := b.hook(c, func() (err error) {
		w, err = b.Through.Create(ctx, key, opts)
		return err
	})
	if err == nil {
		return newWriter(b.hook, w, c), nil
	}
	if w != nil && !c.Leave {
		w.Close()
	}
	return nil, err
}

// Delete removes the object.
func (b *Backend) Delete(ctx context.Context, key string) error {
	return b.hook(&Call{Context: ctx, Op: Delete, Key: key}, func() error { return b.Through.Delete(ctx, key) })
}

// Close closes the backend within.
func (b *Backend) Close() error {
	return b.hook(&Call{Context: context.Background(), Op: Shut}, b.Through.Close)
}

// opening is the call of a verb that reads a range.
func opening(ctx context.Context, op Op, key string, opts *backend.OpenOptions) *Call {
	c := &Call{Context: ctx, Op: op, Key: key}
	if opts != nil {
		c.Offset, c.Length = opts.Offset, opts.Length
	}
	return c
}
