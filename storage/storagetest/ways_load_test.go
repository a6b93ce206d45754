package storagetest_test

import (
	"bytes"
	"context"
	"os"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

func loadWays() map[string]ways {
	return map[string]ways{
		"a large object is whole": {
			"what comes after 10 MiB is lost": func(h *hooks) {
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					return publish(h.Backend, key, data[:min(len(data), 10<<20)], opts)
				})
			},
			"ranges come from the beginning": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					if opts != nil {
						opts = &backend.OpenOptions{Length: opts.Length}
					}
					return good.Open(ctx, key, opts)
				}
			},
		},
		"many goroutines do not disturb each other": {
			"they share a buffer": func(h *hooks) {
				var mu sync.Mutex
				var shared bytes.Buffer
				good := h.Backend
				h.create = func(_ context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					return sharing{&mu, &shared, func(data []byte) error { return publish(good, key, data, opts) }}, nil
				}
			},
		},
		"nothing stays open": {
			"a goroutine of each reader": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					go func() { <-h.end.Done() }()
					return good.Open(ctx, key, opts)
				}
			},
			"a file of each writer": func(h *hooks) {
				good := h.Backend
				h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					file, err := os.Open(os.DevNull)
					if err != nil {
						return nil, err
					}
					context.AfterFunc(h.end, func() { file.Close() })
					return good.Create(ctx, key, opts)
				}
			},
		},
	}
}
