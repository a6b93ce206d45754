package s3

import (
	"context"
	"crypto/rand"
	"errors"
	"hash/crc32"
	"io/fs"
	"net/http"

	"github.com/cairnstate/cairn/storage/backend"
)

// Swap replaces the object if its version is old, by a HeadObject and a
// conditional PutObject; by the latter alone if there is to be none.
//
// The store compares entity tags, which objects of the same content share. So the
// mark of the version is compared first; should the object be replaced by another
// content and then by the same content again between these two requests, that is
// not noticed. Content that holds something unique, such as a number that rises,
// rules it out.
func (b *Backend) Swap(ctx context.Context, key, old string, data []byte) (version string, err error) {
	calls, err := b.beginWrite(ctx, "swap", key)
	if err != nil {
		return "", err
	}
	o := object{key: key, source: inMemory(data), sum: crc32.Checksum(data, castagnoli), token: rand.Text()}
	if old == "" {
		o.ifNoneMatch = "*"
	} else if o.ifMatch, err = calls.tagOf(ctx, key, old); err != nil {
		return "", b.fail(ctx, "swap", key, err)
	}
	out, err := calls.create(ctx, o)
	if err == nil && out.etag != "" {
		return versionOf(out.etag, markOf(out.version, o.token)), nil
	}
	if err = calls.settle(ctx, o, err); errors.Is(err, fs.ErrExist) {
		err = changed(err)
	}
	if err != nil {
		return "", b.fail(ctx, "swap", key, err)
	}
	return b.versionAfter(ctx, calls, o)
}

// tagOf returns the entity tag of the version, if it is still the object's.
func (c *calls) tagOf(ctx context.Context, key, version string) (string, error) {
	there, err := c.head(ctx, key)
	switch {
	case status(err) == http.StatusNotFound:
		return "", changed(err)
	case err != nil:
		return "", err
	case !there.is(version):
		return "", changed(nil)
	}
	return there.etag, nil
}

// versionAfter reads the version of what was written although the answer was
// lost. If it is another by now, the swap has happened, and was swapped away.
func (b *Backend) versionAfter(ctx context.Context, calls *calls, o object) (string, error) {
	there, err := calls.head(ctx, o.key)
	if err == nil && there.token != o.token {
		err = changed(nil)
	}
	if err != nil {
		return "", b.fail(ctx, "swap", o.key, err)
	}
	return versionOf(there.etag, there.mark), nil
}

var _ backend.Swapper = (*Backend)(nil)
