package storagetest_test

import (
	"bytes"
	"context"
	"iter"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

func loadWays() map[string]ways {
	return map[string]ways{
		"a done context changes nothing": {
			"nobody looks at it": func(h *hooks) { withoutContext(h) },
		},
		"a context that ends ends the write": {
			"nobody looks at it": func(h *hooks) { withoutContext(h) },
		},
		"a context that ends ends the listing": {
			"it ends without a word": func(h *hooks) {
				good := h.Backend
				h.list = func(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
					return func(yield func(backend.Info, error) bool) {
						for info, err := range good.List(ctx, prefix) {
							if err != nil || !yield(info, nil) {
								return
							}
						}
					}
				}
			},
		},
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
	}
}
