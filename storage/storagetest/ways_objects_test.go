package storagetest_test

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

func objectWays() map[string]ways {
	return map[string]ways{
		"what is committed can be read": {
			"the last byte is lost": func(h *hooks) {
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					return publish(h.Backend, key, data[:max(len(data)-1, 0)], opts)
				})
			},
			"Stat tells another size": func(h *hooks) {
				good := h.Backend
				h.stat = func(ctx context.Context, key string) (backend.Info, error) {
					info, err := good.Stat(ctx, key)
					info.Size++
					return info, err
				}
			},
			"List tells another size": func(h *hooks) {
				relist(h, func(prefix string, all []backend.Info) []backend.Info {
					all = under(prefix, all)
					for i := range all {
						all[i].Size = 0
					}
					return all
				})
			},
		},
		"an empty object is an object": {
			"nothing is written if nothing was": func(h *hooks) {
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					if len(data) == 0 {
						return nil
					}
					return publish(h.Backend, key, data, opts)
				})
			},
			"a range of it is an error": func(h *hooks) {
				wrapOpen(h, func(r backend.Reader, opts backend.OpenOptions) io.Reader {
					if r.Info().Size <= opts.Offset && opts.Offset > 0 {
						return errReader{errors.New("416 range not satisfiable")}
					}
					return r
				})
			},
		},
		"what is absent is fs.ErrNotExist": {
			"Open says it in its own words": func(h *hooks) {
				h.open = func(context.Context, string, *backend.OpenOptions) (backend.Reader, error) {
					return nil, errors.New("NoSuchKey")
				}
			},
			"Stat finds what is not there": func(h *hooks) {
				h.stat = func(_ context.Context, key string) (backend.Info, error) { return backend.Info{Key: key}, nil }
			},
		},
		"a directory is no object": {
			"Stat finds directories": func(h *hooks) {
				good := h.Backend
				h.stat = func(ctx context.Context, key string) (backend.Info, error) {
					for range good.List(ctx, key) {
						return backend.Info{Key: key}, nil
					}
					return good.Stat(ctx, key)
				}
			},
			"what is below an object is another error": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					if parent := key[:strings.LastIndexByte(key, '/')]; exists(good, parent) {
						return nil, errors.New("not a directory")
					}
					return good.Open(ctx, key, opts)
				}
			},
		},
	}
}
