package s3

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/cairnstate/cairn/storage/backend"
)

// Backend stores objects in one bucket. It is safe for use by many goroutines at
// once.
type Backend struct {
	scheme  string
	bucket  string
	options Options
	client  client
	buffers buffers
	seats   seats
	ahead   chan struct{} // as many as there may be ranges in memory
}

var _ interface {
	backend.Backend
	backend.Limited
	backend.BatchDeleter
	backend.Copier
	backend.Downloader
	backend.Uploader
	backend.Swapper
	backend.Locator
} = (*Backend)(nil)

// Schemes returns the schemes that name S3: s3, and what Flink's file systems
// call it, s3a (Hadoop), s3p (Presto) and s3n (long ago). They mean the same
// here.
func Schemes() []string { return []string{"s3", "s3a", "s3n", "s3p"} }

// Opener returns an opener of buckets for a [backend.Registry]. opts may be nil.
func Opener(opts *Options) backend.Opener {
	return func(ctx context.Context, root backend.Root) (backend.Backend, error) {
		return Open(ctx, root, opts)
	}
}

// Open returns the backend of the bucket that is the root's authority. It
// contacts nobody; the context is not kept. opts may be nil.
func Open(ctx context.Context, root backend.Root, opts *Options) (*Backend, error) {
	if err := checkBucket(root); err != nil {
		return nil, &backend.Error{Backend: root.Scheme, Op: "configure", Err: err}
	}
	b := &Backend{scheme: root.Scheme, bucket: root.Authority}
	if opts != nil {
		b.options = *opts
	}
	settings, err := readSettings(root, &b.options)
	if err != nil {
		return nil, b.fail(ctx, "configure", "", err)
	}
	b.options = b.options.withDefaults()
	b.client = client{settings: settings, options: b.options, bucket: b.bucket}
	b.buffers.part = b.options.PartSize
	b.seats.free = max(1, b.options.Connections*3/4) // the rest is for what ends by itself
	b.ahead = make(chan struct{}, 2*b.options.Concurrency)
	return b, nil
}

// checkBucket refuses what is no name of a bucket. Old tools took a key and its
// secret there, s3a://KEY:SECRET@bucket/, so the name is not repeated.
func checkBucket(root backend.Root) error {
	switch {
	case root.Authority == "":
		return fmt.Errorf("no bucket: write %s://BUCKET/path", root.Scheme)
	case strings.Contains(root.Authority, "@"):
		return errors.New("credentials in a location are refused: put them into the environment or a profile")
	}
	return nil
}

// Stat describes the object, by one HeadObject.
func (b *Backend) Stat(ctx context.Context, key string) (backend.Info, error) {
	calls, err := b.begin(ctx, "stat", key)
	if err != nil {
		return backend.Info{}, err
	}
	found, err := calls.head(ctx, key)
	if err != nil {
		return backend.Info{}, b.fail(ctx, "stat", key, err)
	}
	return backend.Info{
		Key: key, Size: found.length, ModTime: found.modified, Version: versionOf(found.etag, found.mark),
	}, nil
}

// Delete removes the object; in a bucket with versions it hides it.
func (b *Backend) Delete(ctx context.Context, key string) error {
	calls, err := b.beginWrite(ctx, "delete", key)
	if err != nil {
		return err
	}
	return b.delete(ctx, calls, key)
}

func (b *Backend) delete(ctx context.Context, calls *calls, key string) error {
	_, err := calls.api.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.bucket, Key: &key})
	if err == nil {
		return nil
	}
	err = b.fail(ctx, "delete", key, err)
	if errors.Is(err, fs.ErrNotExist) { // Amazon S3 says 204 for this, some others 404
		return nil
	}
	return err
}

// Close closes the idle connections, unless the client is the caller's.
func (b *Backend) Close() error {
	b.client.close()
	return nil
}

// beginWrite is begin of what changes the store.
func (b *Backend) beginWrite(ctx context.Context, op, key string) (*calls, error) {
	if b.options.ReadOnly {
		return nil, b.fail(ctx, op, key, backend.ErrReadOnly)
	}
	return b.begin(ctx, op, key)
}

// begin refuses what no request should be made for, and returns the client.
func (b *Backend) begin(ctx context.Context, op, key string) (*calls, error) {
	if err := ctx.Err(); err != nil {
		return nil, b.fail(ctx, op, key, err)
	}
	if !backend.ValidKey(key) {
		return nil, b.fail(ctx, op, key, errInvalidKey)
	}
	calls, err := b.client.get(ctx)
	if err != nil {
		return nil, b.fail(ctx, op, key, err)
	}
	return calls, nil
}

var errInvalidKey = fmt.Errorf("%w: a key is non-empty names joined by single slashes, without . and ..", fs.ErrInvalid)
