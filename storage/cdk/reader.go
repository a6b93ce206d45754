package cdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"

	"gocloud.dev/gcerrors"

	"github.com/cairnstate/cairn/storage/backend"
)

// Open opens the object.
func (b *Backend) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if err := b.check(ctx, "open", key); err != nil {
		return nil, err
	}
	if opts == nil {
		opts = &backend.OpenOptions{}
	}
	if opts.Offset < 0 || opts.Length < 0 {
		return nil, b.fail("open", key, fmt.Errorf("%w: negative range", fs.ErrInvalid))
	}
	if opts.Version != "" {
		return b.openVersion(ctx, key, *opts)
	}
	length := int64(-1)
	if opts.Length > 0 && opts.Length <= math.MaxInt64-opts.Offset {
		length = opts.Length
	}
	body, err := b.bucket.NewRangeReader(ctx, key, opts.Offset, length, nil)
	if err != nil {
		return b.openEmpty(ctx, key, opts, err)
	}
	r := &reader{
		backend: b, ctx: ctx, body: body,
		info: backend.Info{Key: key, Size: body.Size(), ModTime: body.ModTime()},
		left: max(0, body.Size()-opts.Offset),
	}
	if length >= 0 {
		r.left = min(r.left, length)
	}
	return r, nil
}

// openVersion opens the object of a version. gocloud's readers do not tell theirs;
// but no version comes twice, so what is opened between two looks at the same one
// is of that one.
func (b *Backend) openVersion(ctx context.Context, key string, opts backend.OpenOptions) (backend.Reader, error) {
	version := opts.Version
	opts.Version = ""
	if err := b.verify(ctx, key, version); err != nil {
		return nil, b.fail("open", key, err)
	}
	r, err := b.Open(ctx, key, &opts)
	if err != nil {
		return nil, err
	}
	if err := b.verify(ctx, key, version); err != nil {
		r.Close()
		return nil, b.fail("open", key, err)
	}
	return r, nil
}

// openEmpty returns a reader of nothing if that is what the options ask for. Some
// drivers take a range of nothing for a mistake, each with another error.
func (b *Backend) openEmpty(ctx context.Context, key string, opts *backend.OpenOptions, err error) (backend.Reader, error) {
	if gcerrors.Code(err) == gcerrors.NotFound || *opts == (backend.OpenOptions{Within: opts.Within}) {
		return nil, b.fail("open", key, err)
	}
	info, statErr := b.Stat(ctx, key)
	if statErr != nil || info.Size > opts.Offset {
		return nil, b.fail("open", key, err)
	}
	return &reader{backend: b, ctx: ctx, info: info, body: http.NoBody}, nil
}

// reader reads a range of an object.
type reader struct {
	backend *Backend
	ctx     context.Context
	info    backend.Info
	body    io.ReadCloser
	left    int64
}

// Info describes the whole object.
func (r *reader) Info() backend.Info { return r.info }

// Read reads on. Not every driver minds the context, nor that a body ends early.
func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, r.fail(err)
	}
	n, err := r.body.Read(p)
	r.left -= int64(n)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) && r.left == 0:
		return n, io.EOF
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return n, r.fail(err)
}

// Close ends reading.
func (r *reader) Close() error {
	err := r.body.Close()
	r.body = closedBody{}
	return err
}

// closedBody is what is left of a reader after Close.
type closedBody struct{}

func (closedBody) Read([]byte) (int, error) { return 0, fs.ErrClosed }
func (closedBody) Close() error             { return nil }

func (r *reader) fail(err error) error { return r.backend.fail("read", r.info.Key, err) }
