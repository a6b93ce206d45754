package retry

import (
	"context"
	"io"
	"net/url"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

func (b *retrying) Stat(ctx context.Context, key string) (backend.Info, error) {
	return try(ctx, b, "stat", key, func(a *attempt) (backend.Info, error) { return b.Through.Stat(a.ctx, key) })
}

func (b *retrying) Locate(ctx context.Context, key string, validFor time.Duration) (*url.URL, error) {
	return try(ctx, b, "locate", key, func(a *attempt) (*url.URL, error) { return b.Through.Locate(a.ctx, key, validFor) })
}

func (b *retrying) Delete(ctx context.Context, key string) error {
	_, err := try(ctx, b, "delete", key, func(a *attempt) (struct{}, error) { return struct{}{}, b.Through.Delete(a.ctx, key) })
	return err
}

// Download does not know of which version the bytes are that came before a failure,
// so it fetches all of them again.
func (b *retrying) Download(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
	return try(ctx, b, "download", key, func(a *attempt) (backend.Info, error) {
		return b.Through.Download(a.ctx, key, opts, moving{a, w})
	})
}

// moving tells an attempt of each piece that arrives.
type moving struct {
	attempt *attempt
	into    io.WriterAt
}

func (m moving) WriteAt(p []byte, at int64) (int, error) {
	m.attempt.moving()
	return m.into.WriteAt(p, at)
}
