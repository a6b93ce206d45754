package storagetest_test

import (
	"context"
	"io/fs"
	"strings"
)

func deleteWays() map[string]ways {
	return map[string]ways{
		"delete removes one object": {
			"it removes what begins alike": func(h *hooks) {
				good := h.Backend
				h.delete = func(ctx context.Context, key string) error {
					for info := range good.List(ctx, "") {
						if strings.HasPrefix(info.Key, key) {
							_ = good.Delete(ctx, info.Key)
						}
					}
					return nil
				}
			},
			"it removes nothing": func(h *hooks) {
				h.delete = func(context.Context, string) error { return nil }
			},
		},
		"delete of nothing succeeds": {
			"the second time is an error": func(h *hooks) {
				good := h.Backend
				h.delete = func(ctx context.Context, key string) error {
					if !exists(good, key) {
						return fs.ErrNotExist
					}
					return good.Delete(ctx, key)
				}
			},
		},
	}
}
