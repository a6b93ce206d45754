package backend

import (
	"context"
	"net/url"
	"time"
)

// Locator is a Backend whose objects another program can read by itself. Use
// [Locate].
type Locator interface {
	// Locate returns a URL of the object that a program without our credentials can
	// read for so long: file:///… on this machine, or https://… with a signature. It
	// does not look whether there is an object. A signed URL is a secret.
	Locate(ctx context.Context, key string, validFor time.Duration) (*url.URL, error)
}

// Locate returns a URL of the object. Without the power, or if this object has
// none, the error is [errors.ErrUnsupported]: stream the object by Open.
func Locate(ctx context.Context, b Backend, key string, validFor time.Duration) (*url.URL, error) {
	if locator, ok := b.(Locator); ok {
		return locator.Locate(ctx, key, validFor)
	}
	return nil, unsupported("locate", key)
}
