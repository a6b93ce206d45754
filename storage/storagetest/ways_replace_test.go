package storagetest_test

import (
	"context"
	"io"
	"iter"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

func replaceWays() map[string]ways {
	return map[string]ways{
		"commit replaces the whole object": {
			"the old end stays": func(h *hooks) {
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					if old := content(h.Backend, key); len(old) > len(data) {
						data = append(data, old[len(data):]...)
					}
					return publish(h.Backend, key, data, opts)
				})
			},
		},
		"readers see the old or the new object": {
			"the old one is deleted first": func(h *hooks) {
				good := h.Backend
				missed := h.whenMissed()
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					if exists(good, key) {
						_ = good.Delete(context.Background(), key)
						<-missed // until somebody has seen that it is gone
					}
					return publish(good, key, data, opts)
				})
			},
			"a large one is deleted first": func(h *hooks) {
				good := h.Backend
				missed := h.whenMissed()
				commitWith(h, func(key string, data []byte, opts *backend.CreateOptions) error {
					if old, _ := good.Stat(context.Background(), key); old.Size > 8<<20 {
						_ = good.Delete(context.Background(), key)
						<-missed
					}
					return publish(good, key, data, opts)
				})
			},
		},
		"a reader that began stays with its object": {
			"each piece is a request of its own": func(h *hooks) {
				good := h.Backend
				h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
					r, err := good.Open(ctx, key, opts)
					if err != nil {
						return nil, err
					}
					return fakeReader{r, &pieces{ctx: ctx, from: good, key: key}}, nil
				}
			},
			"each piece of a large one but the first is asked for by its key": func(h *hooks) {
				wrapOpen(h, func(r backend.Reader, _ backend.OpenOptions) io.Reader {
					rest := &pieces{ctx: context.Background(), from: h.Backend, key: r.Info().Key, at: 1 << 20}
					return io.MultiReader(io.LimitReader(r, 1<<20), rest)
				})
			},
		},
	}
}

// whenMissed returns a channel that is closed when somebody did not find an object,
// by whichever verb: each reader of the check stops at the first that fails him.
func (h *hooks) whenMissed() <-chan struct{} {
	good, missed, once := h.Backend, make(chan struct{}), new(sync.Once)
	tell := func() { once.Do(func() { close(missed) }) }
	h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
		r, err := good.Open(ctx, key, opts)
		if err != nil {
			tell()
		}
		return r, err
	}
	h.stat = func(ctx context.Context, key string) (backend.Info, error) {
		info, err := good.Stat(ctx, key)
		if err != nil {
			tell()
		}
		return info, err
	}
	h.list = func(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
		return func(yield func(backend.Info, error) bool) {
			found := false
			for info, err := range good.List(ctx, prefix) {
				if found = true; !yield(info, err) {
					return
				}
			}
			if !found {
				tell()
			}
		}
	}
	return missed
}

// pieces reads each piece from what is there when its turn comes.
type pieces struct {
	ctx  context.Context
	from backend.Backend
	key  string
	at   int64
}

func (p *pieces) Read(b []byte) (int, error) {
	r, err := p.from.Open(p.ctx, p.key, &backend.OpenOptions{Offset: p.at, Length: int64(len(b))})
	if err != nil {
		return 0, err
	}
	defer r.Close()
	n, err := io.ReadFull(r, b)
	p.at += int64(n)
	if n > 0 {
		err = nil
	}
	return n, err
}
