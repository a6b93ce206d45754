package prefix

import (
	"context"
	"io"
	"net/url"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

func (b *rooted) DeleteAll(ctx context.Context, keys []string) error {
	whole := make([]string, len(keys))
	for i, key := range keys {
		var err error
		if whole[i], err = b.whole("delete", key); err != nil {
			return err
		}
	}
	return b.relative(b.Through.DeleteAll(ctx, whole))
}

func (b *rooted) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	source, err := b.whole("copy", from)
	if err != nil {
		return err
	}
	target, err := b.whole("copy", to)
	if err != nil {
		return err
	}
	return b.relative(b.Through.Copy(ctx, source, target, opts))
}

func (b *rooted) Download(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
	whole, err := b.whole("download", key)
	if err != nil {
		return backend.Info{}, err
	}
	info, err := b.Through.Download(ctx, whole, b.staying(opts), w)
	return b.info(info), b.relative(err)
}

func (b *rooted) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	whole, err := b.whole("upload", key)
	if err != nil {
		return err
	}
	return b.relative(b.Through.Upload(ctx, whole, opts, r, size))
}

func (b *rooted) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	whole, err := b.whole("swap", key)
	if err != nil {
		return "", err
	}
	version, err := b.Through.Swap(ctx, whole, old, data)
	return version, b.relative(err)
}

func (b *rooted) Locate(ctx context.Context, key string, validFor time.Duration) (*url.URL, error) {
	whole, err := b.whole("locate", key)
	if err != nil {
		return nil, err
	}
	at, err := b.Through.Locate(ctx, whole, validFor)
	return at, b.relative(err)
}
