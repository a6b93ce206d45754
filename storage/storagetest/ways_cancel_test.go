package storagetest_test

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/cairnstate/cairn/storage/backend"
)

func cancelWays() map[string]ways {
	return map[string]ways{
		"a done context changes nothing": {
			"nobody looks at it": func(h *hooks) { withoutContext(h) },
		},
		"a context that ends ends the write": {
			"nobody looks at it": func(h *hooks) { withoutContext(h) },
		},
		"a context that ends ends the listing": {
			"it ends without a word": func(h *hooks) {
				good := h.Backend
				h.list = func(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
					return func(yield func(backend.Info, error) bool) {
						for info, err := range good.List(ctx, prefix) {
							if err != nil || !yield(info, nil) {
								return
							}
						}
					}
				}
			},
		},
		"a context that ends ends the reading": {
			"nobody looks at it": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					return good.Open(context.WithoutCancel(ctx), key, opts)
				}
			},
			"it ends without a word": func(h *hooks) {
				wrapOpen(h, func(r backend.Reader, _ backend.OpenOptions) io.Reader { return silent{r} })
			},
		},
	}
}

// silent takes a cancelled context for the end.
type silent struct{ io.Reader }

func (s silent) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if errors.Is(err, context.Canceled) {
		err = io.EOF
	}
	return n, err
}
