package gcs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"cloud.google.com/go/storage"
	"github.com/googleapis/gax-go/v2"

	"github.com/cairnstate/cairn/storage/backend"
)

// Backend stores objects in one bucket. It is safe for use by many goroutines at
// once.
type Backend struct {
	scheme  string
	bucket  string
	options Options
	client  client
	backoff gax.Backoff
}

var _ interface {
	backend.Backend
	backend.Limited
	backend.BatchDeleter
	backend.Copier
	backend.Downloader
	backend.Locator
	backend.Swapper
} = (*Backend)(nil)

// Limits returns what the store does not take.
func (b *Backend) Limits() backend.Limits {
	const key, object = 1024, 5 << 40
	return backend.Limits{MaxKey: key, MaxObject: object, ReadOnly: b.options.ReadOnly, NoSwap: b.options.ReadOnly}
}

// Schemes returns the schemes that name Google Cloud Storage: gs.
func Schemes() []string { return []string{"gs"} }

// Opener returns an opener of buckets for a [backend.Registry]. opts may be nil.
func Opener(opts *Options) backend.Opener {
	return func(ctx context.Context, root backend.Root) (backend.Backend, error) {
		return Open(ctx, root, opts)
	}
}

// Open returns the backend of the bucket that is the root's authority. It
// contacts nobody; the context is not kept. opts may be nil.
func Open(_ context.Context, root backend.Root, opts *Options) (*Backend, error) {
	options := opts.copied()
	if err := checkBucket(root); err != nil {
		return nil, &backend.Error{Backend: root.Scheme, Op: "configure", Err: err}
	}
	b := &Backend{scheme: root.Scheme, bucket: root.Authority, backoff: options.backoff()}
	settings, err := readSettings(root, &options)
	if err != nil {
		return nil, b.fail("configure", "", err)
	}
	b.options = options
	b.client = client{settings: settings, options: options}
	return b, nil
}

// checkBucket refuses what is no name of a bucket, without repeating what may be
// a secret.
func checkBucket(root backend.Root) error {
	switch {
	case root.Authority == "":
		return fmt.Errorf("no bucket: write %s://BUCKET/path", root.Scheme)
	case strings.Contains(root.Authority, "@"):
		return errors.New("credentials in a location are refused: put them where GOOGLE_APPLICATION_CREDENTIALS points")
	}
	return nil
}

// Stat describes the object, by one request.
func (b *Backend) Stat(ctx context.Context, key string) (backend.Info, error) {
	api, err := b.begin(ctx, "stat", key)
	if err != nil {
		return backend.Info{}, err
	}
	attrs, err := b.object(api, key).Attrs(ctx)
	if err != nil {
		return backend.Info{}, b.fail("stat", key, err)
	}
	return info(attrs), nil
}

func info(attrs *storage.ObjectAttrs) backend.Info {
	return backend.Info{Key: attrs.Name, Size: attrs.Size, ModTime: attrs.Updated, Version: version(attrs.Generation)}
}

// Delete removes the object; in a bucket with versions it hides it.
func (b *Backend) Delete(ctx context.Context, key string) error {
	api, err := b.beginWrite(ctx, "delete", key)
	if err != nil {
		return err
	}
	if err = b.object(api, key).Delete(ctx); err == nil {
		return nil
	}
	err = b.fail("delete", key, err)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Close closes the idle connections, unless the client is the caller's.
func (b *Backend) Close() error { return b.client.close() }

// begin refuses what no request should be made for, and returns the client.
func (b *Backend) begin(ctx context.Context, op, key string) (*storage.Client, error) {
	if err := ctx.Err(); err != nil {
		return nil, b.fail(op, key, err)
	}
	if !backend.ValidKey(key) {
		return nil, b.fail(op, key, errInvalidKey)
	}
	api, err := b.client.get(ctx)
	if err != nil {
		return nil, b.fail(op, key, err)
	}
	return api, nil
}

// beginWrite refuses as well what would write.
func (b *Backend) beginWrite(ctx context.Context, op, key string) (*storage.Client, error) {
	if b.options.ReadOnly {
		return nil, b.fail(op, key, backend.ErrReadOnly)
	}
	return b.begin(ctx, op, key)
}

var errInvalidKey = fmt.Errorf("%w: a key is non-empty names joined by single slashes, without . and ..", fs.ErrInvalid)
