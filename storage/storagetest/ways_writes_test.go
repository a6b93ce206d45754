package storagetest_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/cairnstate/cairn/storage/backend"
)

func writeWays() map[string]ways {
	return map[string]ways{
		"nothing is visible before commit": {
			"Create makes an empty object": func(h *hooks) {
				good := h.Backend
				h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					if err := publish(good, key, nil, opts); err != nil {
						return nil, err
					}
					return good.Create(ctx, key, nil)
				}
			},
			"the temporary object is listed": func(h *hooks) {
				good := h.Backend
				h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					if err := publish(good, key+".tmp", nil, nil); err != nil {
						return nil, err
					}
					return good.Create(ctx, key, opts)
				}
			},
		},
		"an abandoned write leaves nothing": {
			"Close publishes": func(h *hooks) {
				good := h.Backend
				h.create = func(_ context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					var once sync.Once
					var result error
					end := func(data []byte) error {
						once.Do(func() { result = publish(good, key, data, opts) })
						return result
					}
					return &fakeWriter{commit: end, close: end}, nil
				}
			},
		},
		"a writer has one ending": {
			"Commit works after Close": func(h *hooks) {
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					return publish(h.Backend, key, data, opts)
				})
			},
			"Close undoes Commit": func(h *hooks) {
				good := h.Backend
				h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					w, err := good.Create(ctx, key, opts)
					return undoing{w, func() error { return good.Delete(ctx, key) }}, err
				}
			},
		},
		"a write whose source fails leaves nothing": {
			"what came before is committed": func(h *hooks) {
				good := h.Backend
				h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					w, err := good.Create(ctx, key, opts)
					return &lasting{Writer: w}, err
				}
			},
			"what a broken store did not take is a gap": func(h *hooks) {
				var broken atomic.Bool
				h.opts.Break = func(_ context.Context, now bool) error { broken.Store(now); return nil }
				good := h.Backend
				h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					w, err := good.Create(ctx, key, opts)
					return &forgetful{Writer: w, broken: &broken}, err
				}
			},
			"a part of a large one stays where no listing shows it": func(h *hooks) {
				var parts atomic.Int64
				h.opts.Leftovers = func(context.Context, string) ([]string, error) {
					return make([]string, parts.Load()), nil
				}
				good := h.Backend
				h.create = func(_ context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					once := new(sync.Once)
					return &fakeWriter{
						commit: func(data []byte) error {
							once.Do(func() {})
							return publish(good, key, data, opts)
						},
						close: func(data []byte) error {
							once.Do(func() { parts.Add(int64(len(data) >> 20)) })
							return nil
						},
					}, nil
				}
			},
		},
		"all connections see a commit at once": {
			"another one has a cache of what it saw": func(h *hooks) {
				h.opts.Connect = func(context.Context) (backend.Backend, error) {
					other := &hooks{Through: h.Through}
					seen := make(map[string]backend.Info)
					other.stat = func(ctx context.Context, key string) (backend.Info, error) {
						if info, ok := seen[key]; ok {
							return info, nil
						}
						info, err := h.Stat(ctx, key)
						seen[key] = info
						return info, err
					}
					return other, nil
				}
			},
			"another one lists what was there before": func(h *hooks) {
				h.opts.Connect = func(context.Context) (backend.Backend, error) {
					other := &hooks{Through: h.Through}
					relist(other, func(string, []backend.Info) []backend.Info { return nil })
					return other, nil
				}
			},
		},
	}
}

// lasting commits when it is closed.
type lasting struct {
	backend.Writer
	ended bool
}

func (l *lasting) Commit() error {
	l.ended = true
	return l.Writer.Commit()
}

func (l *lasting) Close() error {
	if l.ended {
		return nil
	}
	return l.Commit()
}

// forgetful tells of a Write that failed, and goes on.
type forgetful struct {
	backend.Writer
	broken *atomic.Bool
}

func (f *forgetful) Write(p []byte) (int, error) {
	if f.broken.Load() {
		return 0, errors.New("the store is broken")
	}
	return f.Writer.Write(p)
}
