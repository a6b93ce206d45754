package cdk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// Copy has the store copy the object, if its driver's copies replace as a Commit
// does. gocloud knows no exclusive copy; that and the others are streamed.
func (b *Backend) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	if err := b.check(ctx, "copy", from); err != nil {
		return err
	}
	if err := b.check(ctx, "copy", to); err != nil {
		return err
	}
	if opts != nil && opts.IfAbsent || driverOf(b.root.Scheme).streams {
		return b.fail("copy", to, errors.ErrUnsupported)
	}
	if err := b.bucket.Copy(ctx, to, from, nil); err != nil {
		return b.fail("copy", from, unsupported(err))
	}
	return nil
}

// Locate returns a signed URL, if the driver and its credentials can sign.
func (b *Backend) Locate(ctx context.Context, key string, validFor time.Duration) (*url.URL, error) {
	if err := b.check(ctx, "locate", key); err != nil {
		return nil, err
	}
	if validFor <= 0 {
		return nil, b.fail("locate", key, fmt.Errorf("%w: a signature is good for some time, not for %v", fs.ErrInvalid, validFor))
	}
	signed, err := b.bucket.SignedURL(ctx, key, &blob.SignedURLOptions{Expiry: validFor, Method: http.MethodGet})
	if err != nil {
		return nil, b.fail("locate", key, unsupported(err))
	}
	location, err := url.Parse(signed)
	if err != nil { // whose text would repeat the signature
		return nil, b.fail("locate", key, errors.New("the driver made a URL that is none"))
	}
	return location, nil
}

// unsupported returns err, as [errors.ErrUnsupported] if that is what it says.
func unsupported(err error) error {
	if gcerrors.Code(err) == gcerrors.Unimplemented {
		return cause.New("the driver cannot: "+redact(err.Error()), errors.ErrUnsupported, err)
	}
	return err
}

// verify fails with [backend.ErrChanged] if the object is not of the version.
func (b *Backend) verify(ctx context.Context, key, version string) error {
	attrs, err := b.bucket.Attributes(ctx, key)
	if err == nil && attrs.ETag != version {
		err = backend.ErrChanged
	}
	return err
}
