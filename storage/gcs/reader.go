package gcs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"

	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// Open opens the object, by one request. Only for an offset at or beyond the end
// it asks twice: that answer does not tell the object's size.
func (b *Backend) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	api, err := b.begin(ctx, "open", key)
	if err != nil {
		return nil, err
	}
	if opts == nil {
		opts = &backend.OpenOptions{}
	}
	if opts.Offset < 0 || opts.Length < 0 {
		return nil, b.fail("open", key, fmt.Errorf("%w: negative range", fs.ErrInvalid))
	}
	r, err := b.open(ctx, b.object(api, key), key, *opts)
	if status(err) == http.StatusRequestedRangeNotSatisfiable {
		return b.openEmpty(ctx, key, opts)
	}
	if err != nil {
		return nil, b.fail("open", key, err)
	}
	return r, nil
}

func (b *Backend) open(ctx context.Context, object *storage.ObjectHandle, key string, opts backend.OpenOptions) (*reader, error) {
	if opts.Version != "" {
		number, ok := generation(opts.Version)
		if !ok {
			return nil, backend.ErrChanged
		}
		object = object.If(storage.Conditions{GenerationMatch: number})
	}
	length := int64(-1)
	if opts.Length > 0 && opts.Length <= math.MaxInt64-opts.Offset {
		length = opts.Length
	}
	body, err := object.NewRangeReader(ctx, opts.Offset, length)
	if err != nil {
		return nil, changed(err)
	}
	r := &reader{backend: b, ctx: ctx, body: body, left: body.Remain()}
	if err := r.describe(key, body.Attrs, opts); err != nil {
		body.Close()
		return nil, err
	}
	return r, nil
}

// changed returns err, as [backend.ErrChanged] if it says that the object is not
// of the generation that was asked for.
func changed(err error) error {
	if status(err) == http.StatusPreconditionFailed {
		return cause.New(backend.ErrChanged.Error(), backend.ErrChanged, err)
	}
	return err
}

// openEmpty returns a reader of nothing of an object that ends before offset.
func (b *Backend) openEmpty(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	info, err := b.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	if opts.Version != "" && opts.Version != info.Version || info.Size > opts.Offset {
		return nil, b.fail("open", key, backend.ErrChanged) // while it was opened, if no version was asked for
	}
	return &reader{backend: b, ctx: ctx, info: info, body: http.NoBody}, nil
}

// reader reads a range of an object. The SDK resumes a body that breaks off.
type reader struct {
	backend *Backend
	ctx     context.Context
	info    backend.Info
	body    io.ReadCloser
	left    int64
}

// describe fills in what the headers of the answer say.
func (r *reader) describe(key string, attrs storage.ReaderObjectAttrs, opts backend.OpenOptions) error {
	r.info = backend.Info{Key: key, Size: attrs.Size, ModTime: attrs.LastModified, Version: version(attrs.Generation)}
	want := attrs.Size - opts.Offset
	if opts.Length > 0 {
		want = min(want, opts.Length)
	}
	switch {
	case opts.Version != "" && opts.Version != r.info.Version:
		return backend.ErrChanged // an emulator may not know the condition
	case attrs.Decompressed, attrs.ContentEncoding == "gzip":
		// The SDK cannot read the stored bytes by JSON: it forbids itself the header.
		return errors.New("the object is stored with Content-Encoding: gzip, which changes its bytes on the way: store it without")
	case attrs.Size < 0 || r.left < 0:
		return errors.New("the store does not say how long the object is")
	case r.left != want || attrs.StartOffset != opts.Offset:
		return errors.New("the store sends another range than it was asked for")
	}
	return nil
}

// Info describes the whole object.
func (r *reader) Info() backend.Info { return r.info }

// Read reads on. The body would, too, after the context ended: until somebody told
// the connection, or to the end of what has arrived.
func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, r.backend.fail("read", r.info.Key, err)
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
	if r.ctx.Err() != nil {
		err = r.ctx.Err()
	}
	return n, r.backend.fail("read", r.info.Key, err)
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

// status returns the HTTP status of the answer in err, or 0.
func status(err error) int {
	if answer, ok := errors.AsType[*googleapi.Error](err); ok {
		return answer.Code
	}
	return 0
}
