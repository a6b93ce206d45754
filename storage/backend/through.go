package backend

import (
	"context"
	"io"
	"net/url"
	"time"
)

// Through is a Backend that is another one, with all its powers and limits. A
// wrapper embeds it and overrides what it changes; so a power that it does not
// know of is not lost. Each power goes through the function of this package, so
// the fallback is that of the backend within.
type Through struct{ Backend }

var _ interface {
	Backend
	Limited
	BatchDeleter
	Copier
	Downloader
	Uploader
	Swapper
	Locator
} = Through{}

// Limits returns those of the backend within.
func (t Through) Limits() Limits { return LimitsOf(t.Backend) }

// DeleteAll is [DeleteAll] of the backend within.
func (t Through) DeleteAll(ctx context.Context, keys []string) error {
	return DeleteAll(ctx, t.Backend, keys)
}

// Copy is [Copy] of the backend within.
func (t Through) Copy(ctx context.Context, from, to string, opts *CreateOptions) error {
	return Copy(ctx, t.Backend, from, to, opts)
}

// Download is [Download] of the backend within.
func (t Through) Download(ctx context.Context, key string, opts *OpenOptions, w io.WriterAt) (Info, error) {
	return Download(ctx, t.Backend, key, opts, w)
}

// Upload is [Upload] of the backend within, which sees r itself: it may be a file.
func (t Through) Upload(ctx context.Context, key string, opts *CreateOptions, r io.ReaderAt, size int64) error {
	return Upload(ctx, t.Backend, key, opts, r, size)
}

// Swap is [Swap] of the backend within.
func (t Through) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	return Swap(ctx, t.Backend, key, old, data)
}

// Locate is [Locate] of the backend within.
func (t Through) Locate(ctx context.Context, key string, validFor time.Duration) (*url.URL, error) {
	return Locate(ctx, t.Backend, key, validFor)
}
