package local_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/task/twophase"
)

// shelf is a world outside where lines can be seen once they are committed. It is for
// many subtasks.
type shelf struct {
	mu      sync.Mutex
	next    int
	pending map[int]*page
	visible map[string]int
}

func newShelf() *shelf { return &shelf{pending: map[int]*page{}, visible: map[string]int{}} }

type page struct {
	shelf    *shelf
	id       int
	origin   twophase.Origin
	lines    []string
	prepared bool
}

func (s *shelf) Begin(_ context.Context, origin twophase.Origin) (twophase.Transaction[string, int], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	p := &page{shelf: s, id: s.next, origin: origin}
	s.pending[p.id] = p
	return p, nil
}

func (p *page) Write(_ context.Context, line string) error {
	p.lines = append(p.lines, line)
	return nil
}

func (p *page) Prepare(context.Context) (int, error) {
	p.prepared = true
	return p.id, nil
}

func (p *page) Close() error {
	p.shelf.mu.Lock()
	defer p.shelf.mu.Unlock()
	if !p.prepared {
		delete(p.shelf.pending, p.id)
	}
	return nil
}

func (s *shelf) Commit(_ context.Context, id int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.pending[id]; p != nil {
		delete(s.pending, id)
		for _, line := range p.lines {
			s.visible[line]++
		}
	}
	return nil
}

func (s *shelf) AbortStale(_ context.Context, stale func(twophase.Origin) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.pending, func(_ int, p *page) bool { return stale(p.origin) })
	return nil
}

// check looks for each count of each key, once.
func (s *shelf) check(t *testing.T, limit int64) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	total := map[int64]int64{}
	for n := range limit {
		total[n%7] += splits
	}
	lines := 0
	for key, count := range total {
		for n := range count {
			lines++
			if line := fmt.Sprintf("key %d: %d", key, n+1); s.visible[line] != 1 {
				t.Errorf("%q can be seen %d times", line, s.visible[line])
			}
		}
	}
	if len(s.visible) != lines || len(s.pending) != 0 {
		t.Errorf("%d lines can be seen, want %d; %d transactions are left", len(s.visible), lines, len(s.pending))
	}
}
