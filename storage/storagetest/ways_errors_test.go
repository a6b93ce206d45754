package storagetest_test

import (
	"context"
	"errors"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

func errorWays() map[string]ways {
	return map[string]ways{
		"errors name backend, operation and key": {
			"a bare sentinel": func(h *hooks) {
				h.open = func(context.Context, string, *backend.OpenOptions) (backend.Reader, error) {
					return nil, fs.ErrNotExist
				}
			},
			"another operation": func(h *hooks) {
				good := h.Backend
				h.stat = func(ctx context.Context, key string) (backend.Info, error) {
					_, err := good.Open(ctx, key, nil)
					return backend.Info{}, err
				}
			},
		},
		"errors tell no secret": {
			"the password of the connection": func(h *hooks) {
				h.opts.Secrets = []string{"hunter2"}
				h.stat = func(_ context.Context, key string) (backend.Info, error) {
					return backend.Info{}, fail("stat", key, errors.New("cannot reach https://me:hunter2@store/"))
				}
			},
			"a signed URL": func(h *hooks) {
				h.stat = func(_ context.Context, key string) (backend.Info, error) {
					return backend.Info{}, fail("stat", key, errors.New("GET https://store/x?X-Amz-Signature=00ff: timeout"))
				}
			},
		},
	}
}
