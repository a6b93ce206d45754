package around

import (
	"context"
	"io"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// DeleteAll deletes those of the objects that the hook left in the call.
func (b *Backend) DeleteAll(ctx context.Context, keys []string) error {
	c := &Call{Context: ctx, Op: DeleteAll, Keys: keys}
	return b.hook(c, func() error { return b.Through.DeleteAll(ctx, c.Keys) })
}

// Copy copies the object within.
func (b *Backend) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	c := &Call{Context: ctx, Op: Copy, Key: from, To: to, IfAbsent: opts != nil && opts.IfAbsent}
	return b.hook(c, func() error { return b.Through.Copy(ctx, from, to, opts) })
}

// Download reads the object into w. The hook sees each piece that is written to it.
func (b *Backend) Download(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
	c := opening(ctx, Download, key, opts)
	into := &receiver{ctx: ctx, hook: b.hook, key: key, within: w}
	err := b.hook(c, func() (err error) {
		c.Info, err = b.Through.Download(ctx, key, opts, into)
		c.N = into.bytes.Load()
		return err
	})
	return c.Info, err
}

// receiver is where a download writes to. It is used by several goroutines.
type receiver struct {
	ctx    context.Context
	hook   Hook
	key    string
	within io.WriterAt
	bytes  atomic.Int64
}

// WriteAt says that all was written if the hook says that all is well, even if it
// kept something back.
func (r *receiver) WriteAt(p []byte, offset int64) (int, error) {
	c := &Call{Context: r.ctx, Op: Receive, Key: r.key, Offset: offset, Data: p}
	err := r.hook(c, func() error {
		n, err := r.within.WriteAt(c.Data, c.Offset)
		c.N += int64(n)
		return err
	})
	r.bytes.Add(c.N)
	if err != nil {
		return int(min(c.N, int64(len(p)))), err
	}
	return len(p), nil
}

// Swap replaces the object if its version is old.
func (b *Backend) Swap(ctx context.Context, key, old string, data []byte) (version string, err error) {
	c := &Call{Context: ctx, Op: Swap, Key: key, Data: data}
	err = b.hook(c, func() (err error) {
		version, err = b.Through.Swap(ctx, key, old, c.Data)
		if err == nil {
			c.N = int64(len(c.Data))
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return version, nil
}

// Locate returns a URL of the object. The hook does not see it: it may be a secret.
func (b *Backend) Locate(ctx context.Context, key string, validFor time.Duration) (at *url.URL, err error) {
	err = b.hook(&Call{Context: ctx, Op: Locate, Key: key}, func() (err error) {
		at, err = b.Through.Locate(ctx, key, validFor)
		return err
	})
	if err != nil {
		return nil, err
	}
	return at, nil
}
