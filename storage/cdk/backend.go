package cdk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"strings"

	"gocloud.dev/blob"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/param"
	"github.com/cairnstate/cairn/storage/readonly"
)

// Backend stores objects in a bucket of gocloud's. It is safe for use by many
// goroutines at once, as the bucket is.
type Backend struct {
	bucket *blob.Bucket
	root   backend.Root // for errors
}

var _ interface {
	backend.Backend
	backend.Limited
	backend.Copier
	backend.Locator
} = (*Backend)(nil)

// New returns the bucket as a backend, which Close closes. The root is how errors
// call it, and its scheme tells which driver it is and so what the limits are: mem,
// file, s3, gs, or azblob and the names that Flink has for Azure. What has another
// scheme is taken to keep the whole contract.
func New(bucket *blob.Bucket, root backend.Root) *Backend {
	return &Backend{bucket: bucket, root: root}
}

// Opener returns an opener for the schemes that are registered in the mux. The
// parameters of a root are those of its driver, which may contact the store, and
// those that the package comment has.
func Opener(mux *blob.URLMux) backend.Opener {
	return func(ctx context.Context, root backend.Root) (backend.Backend, error) {
		if strings.Contains(root.Authority, "@") {
			return nil, &backend.Error{Backend: root.Scheme, Op: "configure", Err: errUserInfo}
		}
		readOnly, root, err := takeReadOnly(root)
		if err != nil {
			return nil, &backend.Error{Backend: root.Scheme, Op: "configure", Root: root.String(), Err: err}
		}
		bucket, err := mux.OpenBucketURL(ctx, location(root))
		if err != nil {
			return nil, &backend.Error{Backend: root.Scheme, Op: "configure", Root: root.String(), Err: redactParams(err, root)}
		}
		b := New(bucket, backend.Root{Scheme: root.Scheme, Authority: root.Authority})
		if readOnly {
			return readonly.Wrap(b), nil
		}
		return b, nil
	}
}

// takeReadOnly takes the parameter out that is not the driver's.
func takeReadOnly(root backend.Root) (bool, backend.Root, error) {
	const name = "read-only"
	given := root.Params[name]
	if given == nil {
		return false, root, nil
	}
	values, err := param.Known{name}.Read(url.Values{name: given})
	if err != nil {
		return false, root, err
	}
	readOnly, err := values.Bool(name)
	if err != nil {
		return false, root, err
	}
	root.Params = maps.Clone(root.Params)
	root.Params.Del(name)
	return *readOnly, root, nil
}

var errUserInfo = errors.New("credentials in a location are refused: put them where the driver looks for them")

// Stat describes the object.
func (b *Backend) Stat(ctx context.Context, key string) (backend.Info, error) {
	if err := b.check(ctx, "stat", key); err != nil {
		return backend.Info{}, err
	}
	attrs, err := b.bucket.Attributes(ctx, key)
	if err != nil {
		return backend.Info{}, b.fail("stat", key, err)
	}
	return backend.Info{Key: key, Size: attrs.Size, ModTime: attrs.ModTime, Version: attrs.ETag}, nil
}

// Delete removes the object.
func (b *Backend) Delete(ctx context.Context, key string) error {
	if err := b.check(ctx, "delete", key); err != nil {
		return err
	}
	if err := b.bucket.Delete(ctx, key); err != nil {
		if err = b.fail("delete", key, err); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Close closes the bucket.
func (b *Backend) Close() error {
	if err := b.bucket.Close(); err != nil {
		return b.fail("close", "", err)
	}
	return nil
}

// check refuses what the driver should not be asked for.
func (b *Backend) check(ctx context.Context, op, key string) error {
	if err := ctx.Err(); err != nil {
		return b.fail(op, key, err)
	}
	if !backend.ValidKey(key) {
		return b.fail(op, key, errInvalidKey)
	}
	return nil
}

var errInvalidKey = fmt.Errorf("%w: a key is non-empty names joined by single slashes, without . and ..", fs.ErrInvalid)
