package storagetest_test

import (
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

func batchWays() map[string]ways {
	return map[string]ways{
		"a batch of deletions removes what it names": {
			"the first thousand": func(h *hooks) {
				h.deleteAll = func(ctx context.Context, keys []string) error {
					return h.Through.DeleteAll(ctx, keys[:min(len(keys), 1000)])
				}
			},
			"what is absent is an error": func(h *hooks) {
				h.deleteAll = func(ctx context.Context, keys []string) error {
					for _, key := range keys {
						if _, err := h.Backend.Stat(ctx, key); err != nil {
							return err
						}
					}
					return h.Through.DeleteAll(ctx, keys)
				}
			},
		},
		"a batch that fails names what may be left": {
			"it names nothing": func(h *hooks) {
				h.deleteAll = func(ctx context.Context, _ []string) error { return ctx.Err() }
			},
			"it names the first": func(h *hooks) {
				h.deleteAll = func(ctx context.Context, keys []string) error { return h.Backend.Delete(ctx, keys[0]) }
			},
			"it names the one at which it stopped": func(h *hooks) {
				h.deleteAll = func(ctx context.Context, keys []string) error {
					if len(keys) < 100 {
						return h.Through.DeleteAll(ctx, keys)
					}
					half := len(keys)/2 + 1
					if err := h.Through.DeleteAll(ctx, keys[:half]); err != nil {
						return err
					}
					<-ctx.Done() // whoever asked looks whether the middle one is gone
					return h.Backend.Delete(ctx, keys[half])
				}
			},
			"it says nothing": func(h *hooks) {
				h.deleteAll = func(context.Context, []string) error { return nil }
			},
		},
	}
}

func copyWays() map[string]ways {
	return map[string]ways{
		"a copy is the same object": {
			"it is moved": func(h *hooks) {
				h.copy = func(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
					return errors.Join(h.Through.Copy(ctx, from, to, opts), h.Backend.Delete(ctx, from))
				}
			},
			"a copy of nothing is empty": func(h *hooks) {
				h.copy = func(_ context.Context, from, to string, opts *backend.CreateOptions) error {
					return publish(h.Backend, to, content(h.Backend, from), opts)
				}
			},
		},
		"an exclusive copy has one winner": {
			"the store knows no condition": func(h *hooks) {
				h.copy = func(ctx context.Context, from, to string, _ *backend.CreateOptions) error {
					return h.Through.Copy(ctx, from, to, nil)
				}
			},
		},
	}
}

func downloadWays() map[string]ways {
	return map[string]ways{
		"a download is the object": {
			"its parts change places": func(h *hooks) {
				h.download = func(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
					info, err := h.Backend.Stat(ctx, key)
					if err != nil || info.Size < 1<<20 {
						return h.Through.Download(ctx, key, opts, w)
					}
					_, err = h.Through.Download(ctx, key, &backend.OpenOptions{Offset: 1 << 20}, w)
					_, rest := h.Through.Download(ctx, key, &backend.OpenOptions{Length: 1 << 20}, shifted{w, info.Size - 1<<20})
					return info, errors.Join(err, rest)
				}
			},
		},
		"a download of a range is the range": {
			"it keeps its place": func(h *hooks) {
				h.download = func(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
					if opts != nil && opts.Offset < 100 {
						w = shifted{w, opts.Offset}
					}
					return h.Through.Download(ctx, key, opts, w)
				}
			},
			"of any version": func(h *hooks) {
				h.download = func(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
					return h.Through.Download(ctx, key, anyVersion(opts), w)
				}
			},
		},
	}
}

// shifted writes at another place.
type shifted struct {
	io.WriterAt
	by int64
}

func (s shifted) WriteAt(p []byte, offset int64) (int, error) {
	return s.WriterAt.WriteAt(p, offset+s.by)
}

func locateWays() map[string]ways {
	return map[string]ways{
		"a location can be read without us": {
			"the key is escaped twice": func(h *hooks) {
				h.locate = func(ctx context.Context, key string, validFor time.Duration) (*url.URL, error) {
					at, err := h.Through.Locate(ctx, key, validFor)
					if err == nil {
						at.Path = url.PathEscape(at.Path)
					}
					return at, err
				}
			},
			"nobody may read it": func(h *hooks) {
				h.locate = func(_ context.Context, key string, _ time.Duration) (*url.URL, error) {
					return &url.URL{Scheme: "http", Host: "127.0.0.1:0", Path: key}, nil
				}
			},
		},
	}
}
