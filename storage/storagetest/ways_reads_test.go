package storagetest_test

import (
	"context"
	"fmt"
	"math"

	"github.com/cairnstate/cairn/storage/backend"
)

func readWays() map[string]ways {
	return map[string]ways{
		"ranges hold at their edges": {
			"Length is the last byte": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					if opts != nil && opts.Length > 0 {
						opts = &backend.OpenOptions{Offset: opts.Offset, Length: opts.Length + 1}
					}
					return good.Open(ctx, key, opts)
				}
			},
			"the end is a sum that overflows": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					if opts != nil && opts.Length > 0 && opts.Offset+opts.Length < 0 {
						opts = &backend.OpenOptions{Offset: math.MaxInt32}
					}
					return good.Open(ctx, key, opts)
				}
			},
			"Info tells of the range": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					r, err := good.Open(ctx, key, opts)
					if err != nil || opts == nil || opts.Length == 0 {
						return r, err
					}
					return sized{r, opts.Length}, nil
				}
			},
		},
	}
}

func versionWays() map[string]ways {
	return map[string]ways{
		"a version tells one content from another": {
			"it is the size": func(h *hooks) {
				good := h.Backend
				h.stat = func(ctx context.Context, key string) (backend.Info, error) {
					info, err := good.Stat(ctx, key)
					info.Version = fmt.Sprint(info.Size)
					return info, err
				}
			},
			"a listing tells another": func(h *hooks) {
				relist(h, func(prefix string, all []backend.Info) []backend.Info {
					all = under(prefix, all)
					for i := range all {
						all[i].Version = `"` + all[i].Version + `"`
					}
					return all
				})
			},
		},
		"a version opens no other content": {
			"nobody looks at it": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					return good.Open(ctx, key, anyVersion(opts))
				}
			},
			"nobody looks at it beyond the end": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					if opts != nil && opts.Offset > 100 {
						opts = anyVersion(opts)
					}
					return good.Open(ctx, key, opts)
				}
			},
		},
	}
}

// anyVersion returns the options without a version.
func anyVersion(opts *backend.OpenOptions) *backend.OpenOptions {
	if opts == nil {
		return nil
	}
	without := *opts
	without.Version = ""
	return &without
}
