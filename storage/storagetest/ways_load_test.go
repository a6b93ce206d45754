package storagetest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
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
		"open readers stop nobody": {
			"eight of them hold all connections": func(h *hooks) {
				pool := make(chan struct{}, 8)
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					select {
					case pool <- struct{}{}:
					case <-ctx.Done():
						return nil, fail("open", key, ctx.Err())
					}
					r, err := good.Open(ctx, key, opts)
					return lent{r, func() { <-pool }}, err
				}
			},
			"they hold all that is left for writing": func(h *hooks) {
				var readers sync.RWMutex
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					readers.RLock()
					r, err := good.Open(ctx, key, opts)
					return lent{r, readers.RUnlock}, err
				}
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					if !readers.TryLock() {
						return fail("create", key, errors.New("somebody reads"))
					}
					defer readers.Unlock()
					return publish(good, key, data, opts)
				})
			},
		},
		"nothing stays open": {
			"a goroutine of each reader": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					linger(h)
					return good.Open(ctx, key, opts)
				}
			},
			"a goroutine of each commit": func(h *hooks) {
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					linger(h)
					return publish(h.Backend, key, data, opts)
				})
			},
			"a goroutine of each reader that came to the end": func(h *hooks) {
				wrapOpen(h, func(r backend.Reader, _ backend.OpenOptions) io.Reader { return &ending{r, func() { linger(h) }} })
			},
			"a goroutine of each download": func(h *hooks) {
				h.download = func(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
					linger(h)
					return h.Through.Download(ctx, key, opts, w)
				}
			},
			"a goroutine of each copy": func(h *hooks) {
				h.copy = func(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
					linger(h)
					return h.Through.Copy(ctx, from, to, opts)
				}
			},
			"a goroutine of each batch": func(h *hooks) {
				h.deleteAll = func(ctx context.Context, keys []string) error {
					linger(h)
					return h.Through.DeleteAll(ctx, keys)
				}
			},
			"a goroutine of each swap": func(h *hooks) {
				h.swap = func(ctx context.Context, key, old string, data []byte) (string, error) {
					linger(h)
					return h.Through.Swap(ctx, key, old, data)
				}
			},
			"a goroutine of each upload in parts that is abandoned": func(h *hooks) {
				good := h.Backend
				h.create = func(_ context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					committed := false
					return &fakeWriter{
						commit: func(data []byte) error {
							committed = true
							return publish(good, key, data, opts)
						},
						close: func(data []byte) error {
							if !committed && len(data) > 8<<20 {
								linger(h)
							}
							return nil
						},
					}, nil
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

// lent gives something back when it is closed.
type lent struct {
	backend.Reader
	back func()
}

func (l lent) Close() error {
	l.back()
	return l.Reader.Close()
}

// linger leaves a goroutine behind, until the test ends.
func linger(h *hooks) { go func() { <-h.end.Done() }() }

// ending tells of the end when it is read.
type ending struct {
	io.Reader
	tell func()
}

func (e *ending) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		e.tell()
	}
	return n, err
}
