package gcs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"

	"cloud.google.com/go/storage"
	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/storage/backend"
)

// Download reads the object in ranges of [Options.ChunkSize] bytes, some at once.
// The first range tells the generation and the size; the others are of that
// generation, so an object of at most one chunk is one request.
func (b *Backend) Download(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
	api, err := b.begin(ctx, "download", key)
	if err != nil {
		return backend.Info{}, err
	}
	d := &download{backend: b, object: b.object(api, key), key: key, to: w}
	if opts != nil {
		d.opts = *opts
	}
	if d.opts.Offset < 0 || d.opts.Length < 0 {
		return backend.Info{}, b.fail("download", key, fmt.Errorf("%w: negative range", fs.ErrInvalid))
	}
	if err := d.run(ctx); err != nil {
		return backend.Info{}, b.fail("download", key, err)
	}
	return d.info, nil
}

// download is one object, or a range of it, on its way.
type download struct {
	backend *Backend
	object  *storage.ObjectHandle
	key     string
	opts    backend.OpenOptions
	to      io.WriterAt
	info    backend.Info
}

func (d *download) run(ctx context.Context) error {
	chunk := int64(d.backend.options.ChunkSize)
	first := d.part(0, chunk)
	if d.opts.Length > 0 {
		first.Length = min(chunk, d.opts.Length)
	}
	r, err := d.backend.open(ctx, d.object, d.key, first)
	if status(err) == http.StatusRequestedRangeNotSatisfiable {
		return d.empty(ctx)
	}
	if err != nil {
		return err
	}
	d.info = r.info
	total := r.info.Size - d.opts.Offset
	if d.opts.Length > 0 {
		total = min(total, d.opts.Length)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(d.backend.options.Concurrency)
	group.Go(func() error { return d.take(r, 0) })
	for at := chunk; at < total; at += chunk {
		group.Go(func() error { return d.fetch(ctx, at, min(chunk, total-at)) })
	}
	return group.Wait()
}

// part returns the options of a part that begins at a distance from the first
// byte. Its version is that which was asked for, or found.
func (d *download) part(at, length int64) backend.OpenOptions {
	opts := backend.OpenOptions{Offset: d.opts.Offset + at, Length: length, Version: d.opts.Version}
	if d.info.Version != "" {
		opts.Version = d.info.Version
	}
	return opts
}

func (d *download) fetch(ctx context.Context, at, length int64) error {
	r, err := d.backend.open(ctx, d.object, d.key, d.part(at, length))
	if err != nil {
		return err
	}
	return d.take(r, at)
}

// take writes what a reader yields, in pieces of a size that keeps a memory small.
func (d *download) take(r *reader, at int64) error {
	defer r.Close()
	_, err := io.CopyBuffer(io.NewOffsetWriter(d.to, at), struct{ io.Reader }{r}, make([]byte, 128<<10))
	return err
}

// empty is the download of nothing: the object ends before the offset.
func (d *download) empty(ctx context.Context) error {
	r, err := d.backend.openEmpty(ctx, d.key, &d.opts)
	if err != nil {
		return errors.Unwrap(err)
	}
	d.info = r.Info()
	return r.Close()
}
