package fs

import (
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

var _ interface {
	backend.Copier
	backend.Locator
} = (*Backend)(nil)

// Copy copies the file in the kernel where that can be, and without copying where
// the file system shares blocks (copy_file_range on Linux). It is published as
// every file is.
func (b *Backend) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	if err := b.checkWrite(ctx, "copy", to); err != nil {
		return err
	}
	if err := b.check(ctx, "copy", from); err != nil {
		return err
	}
	source, err := b.tree.OpenFile(from, readOnly, 0)
	if err != nil {
		return b.fail("copy", from, absent(err))
	}
	defer source.Close()
	stat, err := source.Stat()
	if err == nil {
		err = regular(stat)
	}
	if err != nil {
		return b.fail("copy", from, absent(err))
	}
	w, err := b.create(ctx, "copy", to, opts)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := w.take(source); err != nil {
		return w.fail(err)
	}
	return w.Commit()
}

// take writes all of the source, a stretch at a time, so that the context is
// looked at in between.
func (w *writer) take(source io.Reader) error {
	const stretch = 64 << 20
	for {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		switch _, err := io.CopyN(w.file, source, stretch); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// Locate returns the file:// URL of the object, which is good for as long as the
// object is.
func (b *Backend) Locate(ctx context.Context, key string, _ time.Duration) (*url.URL, error) {
	if err := b.check(ctx, "locate", key); err != nil {
		return nil, err
	}
	return &url.URL{Scheme: "file", Path: b.path + "/" + key}, nil
}
