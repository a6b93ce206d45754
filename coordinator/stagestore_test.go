package coordinator_test

import (
	"context"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// turnstile lets calls through, holds them up, or fails them.
type turnstile struct {
	mu    sync.Mutex
	fails error
	held  chan struct{} // nil: open
}

func (g *turnstile) hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held = make(chan struct{})
}

func (g *turnstile) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.held)
	g.held = nil
}

func (g *turnstile) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fails = err
}

func (g *turnstile) pass(ctx context.Context) error {
	g.mu.Lock()
	held, fails := g.held, g.fails
	g.mu.Unlock()
	if held == nil {
		return fails
	}
	select {
	case <-held:
		return fails
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// stageStore is a store whose Add can be held up, or fail.
type stageStore struct {
	turnstile
	*completed.Deque
}

func newStageStore(t *testing.T, retain int) *stageStore {
	t.Helper()
	deque, err := completed.NewDeque(retain)
	if err != nil {
		t.Fatal(err)
	}
	return &stageStore{Deque: deque}
}

func (s *stageStore) Add(ctx context.Context, c *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	if err := s.pass(ctx); err != nil {
		return nil, err
	}
	return s.Deque.Add(ctx, c)
}

// stageCounter is a counter that can be held up, or fail.
type stageCounter struct {
	turnstile
	*coordinator.StandaloneIDCounter
}

func (c *stageCounter) GetAndIncrement(ctx context.Context) (int64, error) {
	if err := c.pass(ctx); err != nil {
		return 0, err
	}
	return c.StandaloneIDCounter.GetAndIncrement(ctx)
}
