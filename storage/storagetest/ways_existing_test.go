package storagetest_test

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/cairnstate/cairn/storage/backend"
)

// existingWays break what the checks ask that only read.
func existingWays() map[string]ways {
	return map[string]ways{
		"what is absent is fs.ErrNotExist": {
			"it is said in other words": func(h *hooks) {
				h.open = func(context.Context, string, *backend.OpenOptions) (backend.Reader, error) {
					return nil, errors.New("NoSuchKey")
				}
			},
		},
		"what is listed can be read": {
			"a listing tells other sizes": func(h *hooks) {
				relist(h, func(_ string, all []backend.Info) []backend.Info {
					for i := range all {
						all[i].Size++
					}
					return all
				})
			},
		},
		"ranges are parts of the whole": {
			"they are not looked at": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, _ *backend.OpenOptions) (backend.Reader, error) {
					return good.Open(ctx, key, nil)
				}
			},
		},
		"a download is the object": {
			"its last byte is lost": func(h *hooks) {
				h.download = func(ctx context.Context, key string, _ *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
					return h.Through.Download(ctx, key, &backend.OpenOptions{Length: 3}, w)
				}
			},
		},
		"a version is told by all verbs, and opens": {
			"a listing quotes it": func(h *hooks) {
				relist(h, func(_ string, all []backend.Info) []backend.Info {
					for i := range all {
						all[i].Version = `"` + all[i].Version + `"`
					}
					return all
				})
			},
		},
		"listing is in the order of bytes": {
			"it is backwards": func(h *hooks) {
				relist(h, func(_ string, all []backend.Info) []backend.Info {
					slices.Reverse(all)
					return all
				})
			},
		},
		"a context that ends ends the listing": {
			"it ends without a word": cancelWays()["a context that ends ends the listing"]["it ends without a word"],
		},
	}
}
