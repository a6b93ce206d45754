package storage_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// TestReadersShareConnections is FLINK-39482: more readers than connections queue.
// Each of them holds a part while it reads another handle, which would wait for ever
// if a part held a connection.
func TestReadersShareConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, text := digits(t, 5000)
		store.latency = time.Millisecond
		counted := &counting{distant: store}
		var registry backend.Registry
		registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return counted, nil }, "far")
		s, err := storage.New(&registry, &storage.Options{StateRequests: 2})
		must(t, err)
		at := resolve(t, s, "far://b/j/chk-1")
		_, err = at.ReadMetadata(t.Context())
		must(t, err)
		ranges := []storage.StateRange{{0, 2000}, {3000, 2000}}
		opts := &storage.ReadOptions{MaxRequest: 500, ReadAhead: 3}
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				for part, err := range storage.ReadStateRanges(t.Context(), at, relative("data", 5000), ranges, opts) {
					must(t, err)
					for inner, err := range storage.ReadStateRanges(t.Context(), at, relative("data", 5000), ranges[:1], opts) {
						must(t, err)
						_, err = inner.Bytes()
						must(t, err)
					}
					got, err := part.Bytes()
					must(t, err)
					if r := ranges[part.Index]; string(got) != text[r.Offset:][:r.Length] {
						t.Error("read something else")
					}
				}
			})
		}
		all.Wait()
		if counted.most != 2 {
			t.Errorf("%d requests ran at once", counted.most)
		}
		must(t, at.Close())
		must(t, s.Close())
	})
}

// counting counts how many readers are open at once.
type counting struct {
	*distant
	mu        sync.Mutex
	now, most int // guarded by mu
}

func (c *counting) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	c.change(+1)
	r, err := c.distant.Open(ctx, key, opts)
	if err != nil {
		c.change(-1)
		return nil, err
	}
	return &countedReader{r, func() { c.change(-1) }}, nil
}

func (c *counting) change(by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += by
	c.most = max(c.most, c.now)
}
