package storagetest_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"

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
			"a bare copy": func(h *hooks) {
				h.copy = func(context.Context, string, string, *backend.CreateOptions) error { return fs.ErrNotExist }
			},
			"a bare refusal of a copy": func(h *hooks) {
				h.copy = func(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
					if exists(h.Backend, to) {
						return fs.ErrExist
					}
					return h.Through.Copy(ctx, from, to, opts)
				}
			},
			"a bare swap": func(h *hooks) {
				h.swap = func(context.Context, string, string, []byte) (string, error) { return "", backend.ErrChanged }
			},
			"a bare batch": func(h *hooks) {
				h.deleteAll = func(ctx context.Context, _ []string) error { return ctx.Err() }
			},
			"a bare download": func(h *hooks) {
				h.download = func(context.Context, string, *backend.OpenOptions, io.WriterAt) (backend.Info, error) {
					return backend.Info{}, fs.ErrNotExist
				}
			},
			"a bare reading": func(h *hooks) {
				wrapOpen(h, func(r backend.Reader, _ backend.OpenOptions) io.Reader { return bare{r} })
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
			"the password of a store that is not there": func(h *hooks) {
				h.opts.Secrets = []string{"hunter2"}
				h.opts.Broken = []func(context.Context) (backend.Backend, error){func(context.Context) (backend.Backend, error) {
					gone := &hooks{Through: h.Through}
					gone.list = func(_ context.Context, prefix string) iter.Seq2[backend.Info, error] {
						return func(yield func(backend.Info, error) bool) {
							yield(backend.Info{}, fail("list", prefix, errors.New("cannot reach the store")))
						}
					}
					gone.swap = func(_ context.Context, key, _ string, _ []byte) (string, error) {
						return "", fail("swap", key, errors.New("dial https://me:hunter2@store/: connection refused"))
					}
					return gone, nil
				}}
			},
			"the password of a store that cannot be opened": func(h *hooks) {
				h.opts.Secrets = []string{"hunter2"}
				h.opts.Broken = []func(context.Context) (backend.Backend, error){func(context.Context) (backend.Backend, error) {
					return nil, errors.New("me:hunter2 is refused")
				}}
			},
			"it is not asked, as the broken store works": func(h *hooks) {
				h.opts.Broken = []func(context.Context) (backend.Backend, error){func(context.Context) (backend.Backend, error) {
					return &hooks{Through: h.Through}, nil
				}}
			},
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

// bare tells the cause of an error alone.
type bare struct{ io.Reader }

func (b bare) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if failed, ok := errors.AsType[*backend.Error](err); ok {
		err = failed.Err
	}
	return n, err
}
