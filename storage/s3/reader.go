package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/cairnstate/cairn/storage/backend"
)

// Open opens the object, by one GetObject. Only for an offset at or beyond the
// end it asks twice: that answer does not tell the object's size.
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
	out, err := api.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.bucket, Key: &key, Range: rangeOf(opts)})
	if beyondEnd(err) {
		return b.openEmpty(ctx, key, opts.Offset)
	}
	if err != nil {
		return nil, b.fail("open", key, err)
	}
	r := &reader{backend: b, api: api, ctx: ctx, body: out.Body, etag: out.ETag}
	if err := r.describe(key, out, opts); err != nil {
		out.Body.Close()
		return nil, b.fail("open", key, err)
	}
	return r, nil
}

// openEmpty returns a reader of nothing of an object that ends before offset.
func (b *Backend) openEmpty(ctx context.Context, key string, offset int64) (backend.Reader, error) {
	info, err := b.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	if info.Size > offset {
		return nil, b.fail("open", key, errChanged)
	}
	return &reader{backend: b, info: info, body: http.NoBody}, nil
}

// rangeOf returns the header of the options, or nil if they want everything.
func rangeOf(opts *backend.OpenOptions) *string {
	var header string
	switch {
	case opts.Length > 0 && opts.Length <= math.MaxInt64-opts.Offset:
		header = fmt.Sprintf("bytes=%d-%d", opts.Offset, opts.Offset+opts.Length-1)
	case opts.Offset > 0:
		header = fmt.Sprintf("bytes=%d-", opts.Offset)
	default:
		return nil
	}
	return &header
}

func beyondEnd(err error) bool {
	answer, ok := errors.AsType[*awshttp.ResponseError](err)
	return ok && answer.HTTPStatusCode() == http.StatusRequestedRangeNotSatisfiable
}

var (
	errChanged = errors.New("the object was replaced while it was read: open it again")
	errRange   = errors.New("the store sends another range than it was asked for")
)

// reader reads a range of an object, through as many bodies as it takes.
type reader struct {
	backend *Backend
	api     *s3.Client
	ctx     context.Context
	info    backend.Info
	etag    *string // of the object that is being read, so that no two are mixed
	body    io.ReadCloser
	at, end int64 // the next byte, and the one after the last, in the object
	moved   bool  // a byte came out of body
}

// describe fills in what the headers of the answer say.
func (r *reader) describe(key string, out *s3.GetObjectOutput, opts *backend.OpenOptions) error {
	if out.ContentLength == nil {
		return errNoSize
	}
	r.at, r.end = opts.Offset, opts.Offset+*out.ContentLength
	r.info = backend.Info{Key: key, Size: r.end}
	if out.LastModified != nil {
		r.info.ModTime = *out.LastModified
	}
	if rangeOf(opts) == nil {
		return nil
	}
	if out.ContentRange == nil {
		return errRange
	}
	var first, last int64
	if _, err := fmt.Sscanf(*out.ContentRange, "bytes %d-%d/%d", &first, &last, &r.info.Size); err != nil {
		return errNoSize
	}
	if first != opts.Offset || last+1 != r.end || (opts.Length > 0 && *out.ContentLength > opts.Length) {
		return errRange
	}
	return nil
}

// Info describes the whole object.
func (r *reader) Info() backend.Info { return r.info }

// Read reads on. A body that breaks off is resumed, if it brought anything.
func (r *reader) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	r.at += int64(n)
	r.moved = r.moved || n > 0
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) && r.at == r.end:
		return n, io.EOF
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF // or more than was announced
	}
	if r.at >= r.end || !r.moved || r.etag == nil || r.ctx.Err() != nil {
		return n, r.fail(err)
	}
	return n, r.resume()
}

// resume asks for the rest of the same object.
func (r *reader) resume() error {
	r.body.Close()
	r.body, r.moved = http.NoBody, false
	opts := &backend.OpenOptions{Offset: r.at, Length: r.end - r.at}
	out, err := r.api.GetObject(r.ctx, &s3.GetObjectInput{
		Bucket: &r.backend.bucket, Key: &r.info.Key, Range: rangeOf(opts), IfMatch: r.etag,
	})
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok && answer.HTTPStatusCode() == http.StatusPreconditionFailed {
		return r.fail(errChanged)
	}
	if err != nil {
		return r.fail(err)
	}
	rest := &reader{}
	if err := rest.describe(r.info.Key, out, opts); err != nil || rest.end != r.end {
		out.Body.Close()
		return r.fail(errRange)
	}
	r.body = out.Body
	return nil
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
