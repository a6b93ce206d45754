package storagetest_test

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

func listWays() map[string]ways {
	return map[string]ways{
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
		"listing goes on from page to page": {
			"there is one": func(h *hooks) {
				relist(h, func(prefix string, all []backend.Info) []backend.Info {
					all = under(prefix, all)
					return all[:min(len(all), 1000)]
				})
			},
			"the next one is counted to": func(h *hooks) {
				good := h.Backend
				h.list = func(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
					return func(yield func(backend.Info, error) bool) { countingPages(ctx, good, prefix, yield) }
				}
			},
			"the last key of a page comes twice": func(h *hooks) {
				relist(h, func(prefix string, all []backend.Info) []backend.Info {
					all = under(prefix, all)
					if len(all) > 1000 {
						all = slices.Insert(all, 1000, all[999])
					}
					return all
				})
			},
		},
	}
}

// countingPages asks for pages by the number of what came before.
func countingPages(ctx context.Context, good backend.Backend, prefix string, yield func(backend.Info, error) bool) {
	const page = 500
	for start := 0; ; start += page {
		var all []backend.Info
		for info, err := range good.List(ctx, prefix) {
			if err != nil {
				yield(info, err)
				return
			}
			all = append(all, info)
		}
		if start >= len(all) {
			return
		}
		for _, info := range all[start:min(start+page, len(all))] {
			if !yield(info, nil) {
				return
			}
		}
	}
}
