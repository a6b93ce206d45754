package storagetest_test

import (
	"context"
	"iter"
	"slices"
	"strings"

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
		"listing is complete and in the order of bytes": {
			"directories first": func(h *hooks) {
				relist(h, func(prefix string, all []backend.Info) []backend.Info {
					all = under(prefix, all)
					slices.SortStableFunc(all, func(a, b backend.Info) int { return strings.Count(b.Key, "/") - strings.Count(a.Key, "/") })
					return all
				})
			},
			"only the first page": func(h *hooks) {
				relist(h, func(prefix string, all []backend.Info) []backend.Info {
					all = under(prefix, all)
					return all[:min(len(all), 5)]
				})
			},
		},
		"a prefix is a whole path": {
			"a prefix of characters": func(h *hooks) {
				relist(h, func(prefix string, all []backend.Info) []backend.Info {
					return slices.DeleteFunc(all, func(i backend.Info) bool { return !strings.HasPrefix(i.Key, prefix) })
				})
			},
			"one level only": func(h *hooks) {
				relist(h, func(prefix string, all []backend.Info) []backend.Info {
					return slices.DeleteFunc(under(prefix, all), func(i backend.Info) bool {
						return strings.Contains(strings.TrimPrefix(i.Key, prefix+"/"), "/")
					})
				})
			},
		},
		"listing stops when told": {
			"it goes on": func(h *hooks) {
				good := h.Backend
				h.list = func(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
					return func(yield func(backend.Info, error) bool) {
						good.List(ctx, prefix)(func(info backend.Info, err error) bool { yield(info, err); return true })
					}
				}
			},
			"it cannot begin again": func(h *hooks) {
				good := h.Backend
				h.list = func(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
					next, stop := iter.Pull2(good.List(ctx, prefix))
					context.AfterFunc(ctx, stop)
					return func(yield func(backend.Info, error) bool) {
						for info, err, ok := next(); ok && yield(info, err); info, err, ok = next() {
						}
					}
				}
			},
		},
	}
}
