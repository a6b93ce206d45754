package gcs

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"net/http"

	"cloud.google.com/go/storage"

	"github.com/cairnstate/cairn/storage/backend"
)

// Copy has the store rewrite the object: in one request within a location and
// class, else in some, each of which the store works on for up to half a minute.
// An exclusive copy through an own endpoint is refused as unsupported, and so
// streamed: emulators do not know the condition.
func (b *Backend) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	api, err := b.beginWrite(ctx, "copy", to)
	if err != nil {
		return err
	}
	if !backend.ValidKey(from) {
		return b.fail("copy", from, errInvalidKey)
	}
	p := publication{object: b.object(api, to), token: rand.Text(), written: -1}
	target := p.object
	if opts != nil && opts.IfAbsent {
		if b.client.emulated() {
			return b.fail("copy", to, errors.ErrUnsupported)
		}
		p.refusal = fs.ErrExist
		target = target.If(storage.Conditions{DoesNotExist: true})
	}
	_, err = b.copier(api, target, from, p.token).Run(ctx)
	if err == nil {
		return nil
	}
	if status(err) == http.StatusNotFound { // the target need not be there
		return b.fail("copy", from, err)
	}
	if _, err = p.settle(ctx, err); err != nil {
		return b.fail("copy", to, err)
	}
	return nil
}

func (b *Backend) copier(api *storage.Client, target *storage.ObjectHandle, from, token string) *storage.Copier {
	copier := target.CopierFrom(b.object(api, from))
	copier.ContentType = "application/octet-stream"
	copier.Metadata = map[string]string{tokenName: token}
	copier.StorageClass = b.options.StorageClass
	copier.DestinationKMSKeyName = b.options.KMSKey
	return copier
}
