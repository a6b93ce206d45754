package storagetest_test

import (
	"context"
	"errors"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

func exclusiveWays() map[string]ways {
	return map[string]ways{
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
			"it only looks at Create": onlyLooksAtCreate,
			"nobody wins": func(h *hooks) {
				commitWith(h, func(string, []byte, *backend.CreateOptions) error { return fs.ErrExist })
			},
		},
		"exclusive creation sees what came since it began": {
			"it only looks at Create": onlyLooksAtCreate,
		},
		"exclusive creation of large objects has one winner": {
			"an upload in parts forgets the condition": func(h *hooks) {
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					if len(data) > 8<<20 {
						opts = nil
					}
					return publish(h.Backend, key, data, opts)
				})
			},
		},
	}
}

func onlyLooksAtCreate(h *hooks) {
	good := h.Backend
	h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
		if opts != nil && opts.IfAbsent && exists(good, key) {
			return nil, fs.ErrExist
		}
		return good.Create(ctx, key, nil)
	}
}
