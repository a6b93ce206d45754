package storagetest_test

import (
	"context"
	"errors"
	"io/fs"
	"sync"

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
		"commit replaces the whole object": {
			"the old end stays": func(h *hooks) {
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					if old := content(h.Backend, key); len(old) > len(data) {
						data = append(data, old[len(data):]...)
					}
					return publish(h.Backend, key, data, opts)
				})
			},
		},
		"exclusive creation keeps what exists": {
			"IfAbsent is ignored": func(h *hooks) {
				good := h.Backend
				h.create = func(ctx context.Context, key string, _ *backend.CreateOptions) (backend.Writer, error) {
					return good.Create(ctx, key, nil)
				}
			},
			"it fails in its own words": func(h *hooks) {
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					if err := publish(h.Backend, key, data, opts); err != nil {
						return errors.New("412 precondition failed")
					}
					return nil
				})
			},
		},
		"exclusive creation has one winner": {
			"it only looks at Create": func(h *hooks) {
				good := h.Backend
				h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
					if opts != nil && opts.IfAbsent && exists(good, key) {
						return nil, fs.ErrExist
					}
					return good.Create(ctx, key, nil)
				}
			},
			"nobody wins": func(h *hooks) {
				commitWith(h, func(string, []byte, *backend.CreateOptions) error { return fs.ErrExist })
			},
		},
	}
}
