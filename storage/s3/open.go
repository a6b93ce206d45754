package s3

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// largeFrom is how many ranges an object must have that is read in several of
// them at once.
const largeFrom = 4

// Open opens the object, by one GetObject. Only for an offset at or beyond the
// end it asks twice: that answer does not tell the object's size.
func (b *Backend) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	calls, err := b.begin(ctx, "open", key)
	if err != nil {
		return nil, err
	}
	if opts == nil {
		opts = &backend.OpenOptions{}
	}
	if opts.Offset < 0 || opts.Length < 0 {
		return nil, b.fail(ctx, "open", key, fmt.Errorf("%w: negative range", fs.ErrInvalid))
	}
	if err := b.seats.take(ctx); err != nil {
		return nil, b.fail(ctx, "open", key, err)
	}
	r, err := b.open(ctx, calls, key, opts)
	if err != nil || r.body == nil {
		b.seats.give()
	}
	if err != nil {
		return nil, err
	}
	if r.body != nil && r.etag != "" {
		b.seats.rest(&r.seat, r.body) // until somebody reads
	}
	return r, nil
}

// open opens the object on a seat, which is given back if there is nothing to
// read.
func (b *Backend) open(ctx context.Context, calls *calls, key string, opts *backend.OpenOptions) (*reader, error) {
	etag, _ := splitVersion(opts.Version)
	first := b.first(opts)
	found, err := calls.get(ctx, key, rangeOf(first), etag)
	switch status(err) {
	case http.StatusRequestedRangeNotSatisfiable:
		return b.openEmpty(ctx, key, opts)
	case http.StatusPreconditionFailed:
		return nil, b.fail(ctx, "open", key, changed(err))
	}
	if err != nil {
		return nil, b.fail(ctx, "open", key, err)
	}
	r := &reader{backend: b, calls: calls, ctx: ctx}
	if err := r.describe(key, found, first, opts); err != nil {
		found.body.Close()
		return nil, b.fail(ctx, "open", key, err)
	}
	return r, nil
}

// first is what the first request asks for. All of an object is asked for as all
// of it: so is an empty one found without an error, and a checksum of the whole
// comes along. Of a range that may be long it is a first piece.
func (b *Backend) first(opts *backend.OpenOptions) backend.OpenOptions {
	first := *opts
	large := largeFrom * int64(b.options.PartSize)
	switch {
	case first.Length > large:
		first.Length = int64(b.options.PartSize)
	case first.Length == 0 && first.Offset > 0:
		first.Length = large
	}
	return first
}

// openEmpty returns a reader of nothing of an object that ends before the offset.
func (b *Backend) openEmpty(ctx context.Context, key string, opts *backend.OpenOptions) (*reader, error) {
	info, err := b.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	if info.Size > opts.Offset || (opts.Version != "" && info.Version != opts.Version) {
		return nil, b.fail(ctx, "open", key, changed(nil))
	}
	return &reader{backend: b, ctx: ctx, info: info}, nil
}

// rangeOf returns the header of the options, or nothing if they want everything.
func rangeOf(opts backend.OpenOptions) string {
	switch {
	case opts.Length > 0 && opts.Length <= math.MaxInt64-opts.Offset:
		return fmt.Sprintf("bytes=%d-%d", opts.Offset, opts.Offset+opts.Length-1)
	case opts.Offset > 0:
		return fmt.Sprintf("bytes=%d-", opts.Offset)
	}
	return ""
}

// changed says that the object is another by now.
func changed(err error) error {
	if err == nil {
		return backend.ErrChanged
	}
	return cause.New(backend.ErrChanged.Error(), backend.ErrChanged, err)
}

var errRange = errors.New("the store sends another range than it was asked for")

// describe fills in what the answer to the first request says.
func (r *reader) describe(key string, found *found, first backend.OpenOptions, opts *backend.OpenOptions) error {
	if opts.Version != "" && !found.is(opts.Version) {
		return changed(nil)
	}
	size, err := found.size(first)
	if err != nil {
		return err
	}
	r.info = backend.Info{Key: key, Size: size, ModTime: found.modified, Version: versionOf(found.etag, found.mark)}
	r.etag, r.sum, r.sums = found.etag, found.sum, found.sums
	r.body, r.at, r.stop, r.end = found.body, opts.Offset, opts.Offset+found.length, max(size, opts.Offset)
	if opts.Length > 0 && opts.Length < size-opts.Offset {
		r.end = opts.Offset + opts.Length
	}
	if large := largeFrom * int64(r.backend.options.PartSize); r.stop-r.at > large && r.etag != "" {
		r.stop = r.at + int64(r.backend.options.PartSize) // and the rest in parallel
	}
	return nil
}

// size returns the size of the whole object, or an error if the body is not the
// range that was asked for.
func (f *found) size(asked backend.OpenOptions) (int64, error) {
	if rangeOf(asked) == "" {
		return f.length, nil
	}
	if f.within == "" && f.length == 0 { // some servers have no range of nothing
		return 0, nil
	}
	if f.within == "" {
		return 0, errRange
	}
	var first, last, size int64
	if _, err := fmt.Sscanf(f.within, "bytes %d-%d/%d", &first, &last, &size); err != nil {
		return 0, errNoSize
	}
	if first != asked.Offset || last+1 != first+f.length || (asked.Length > 0 && f.length > asked.Length) {
		return 0, errRange
	}
	return size, nil
}
