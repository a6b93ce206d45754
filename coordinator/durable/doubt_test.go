package durable_test

import (
	"context"
	"errors"
	"testing"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// silent is a store that gives no answer for a while. What it is asked to swap meanwhile
// is done at once, or late: when it is asked again, by then.
type silent struct {
	*mem.Backend
	away bool
	late bool
	wait []func()
}

func (s *silent) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if s.away {
		return nil, backend.ErrTransient
	}
	return s.Backend.Open(ctx, key, opts)
}

func (s *silent) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	swap := func() (string, error) { return s.Backend.Swap(ctx, key, old, data) }
	switch {
	case s.away && s.late:
		s.wait = append(s.wait, func() { _, _ = swap() })
		return "", backend.ErrTransient
	case s.away:
		_, _ = swap()
		return "", backend.ErrTransient
	}
	for _, do := range s.wait {
		do()
	}
	s.wait = nil
	return swap()
}

// An addition whose answer is lost may turn out to have been made. Then the store has the
// checkpoint, and tells with the next what it had pushed out.
func TestAnAdditionInDoubt(t *testing.T) {
	for name, late := range map[string]bool{"made at once": false, "made late": true} {
		t.Run(name, func(t *testing.T) {
			b := &silent{Backend: new(mem.Backend), late: late}
			s := leading(t, b, "")
			_, err := s.Add(t.Context(), published(t, b.Backend, take(t, s)))
			must(t, err)
			second, third := published(t, b.Backend, take(t, s)), published(t, b.Backend, take(t, s))
			b.away = true
			subsumed, err := s.Add(t.Context(), second)
			if !errors.Is(err, completed.ErrInDoubt) || errors.Is(err, completed.ErrFenced) || len(subsumed) > 0 {
				t.Errorf("subsumed %s, %v", ids(subsumed), err)
			}
			if ids(s.All()) != "1" {
				t.Errorf("in doubt %s is retained", ids(s.All()))
			}
			if _, err := s.Add(t.Context(), third); err == nil {
				t.Error("another was added to a store that does not answer")
			}
			b.away = false
			must(t, s.Recover(t.Context()))
			if found := ids(s.PushedOut()) + "<" + ids(s.All()); found != map[bool]string{false: "1<2", true: "<1"}[late] {
				t.Errorf("recovered are those pushed out and those retained %s", found)
			}
			subsumed, err = s.Add(t.Context(), third)
			if len(s.PushedOut()) > 0 {
				t.Errorf("%s is told twice", ids(s.PushedOut()))
			}
			if err != nil || ids(subsumed) != "1 2" || ids(s.All()) != "3" {
				t.Errorf("subsumed %s, retained %s, %v; want 1 and 2 pushed out", ids(subsumed), ids(s.All()), err)
			}
			if next := leading(t, b, ""); ids(next.All()) != "3" || leftovers(next) != "1d 2d" {
				t.Errorf("the next finds %s, and %s left", ids(next.All()), leftovers(next))
			}
		})
	}
}

// The addition is tried again, though it was made.
func TestAnAdditionIsMadeOnce(t *testing.T) {
	b := &silent{Backend: new(mem.Backend)}
	s := leading(t, b, "")
	c := published(t, b.Backend, take(t, s))
	b.away = true
	if _, err := s.Add(t.Context(), c); !errors.Is(err, completed.ErrInDoubt) {
		t.Errorf("added: %v", err)
	}
	b.away = false
	subsumed, err := s.Add(t.Context(), c)
	if err != nil || ids(subsumed) != "" || ids(s.All()) != "1" {
		t.Errorf("subsumed %s, retained %s, %v", ids(subsumed), ids(s.All()), err)
	}
}

// Recover finds out too.
func TestRecoverSettlesADoubt(t *testing.T) {
	b := &silent{Backend: new(mem.Backend)}
	s := leading(t, b, "")
	_, err := s.Add(t.Context(), published(t, b.Backend, take(t, s)))
	must(t, err)
	c := published(t, b.Backend, take(t, s))
	b.away = true
	if _, err := s.Add(t.Context(), c); !errors.Is(err, completed.ErrInDoubt) {
		t.Errorf("added: %v", err)
	}
	if err := s.Recover(t.Context()); !errors.Is(err, backend.ErrTransient) {
		t.Errorf("recovered from a store that does not answer: %v", err)
	}
	b.away = false
	must(t, s.Recover(t.Context()))
	if ids(s.All()) != "2" {
		t.Errorf("%s is retained", ids(s.All()))
	}
	if subsumed, err := s.Add(t.Context(), published(t, b.Backend, take(t, s))); err != nil || ids(subsumed) != "1 2" {
		t.Errorf("subsumed %s, %v", ids(subsumed), err)
	}
}

// An id whose answer was lost is not handed out again if it may have been taken.
func TestAnIDInDoubt(t *testing.T) {
	b := &silent{Backend: new(mem.Backend), late: true}
	s := leading(t, b, "")
	take(t, s)
	b.away = true
	if _, err := s.IDCounter().GetAndIncrement(t.Context()); !errors.Is(err, completed.ErrInDoubt) {
		t.Errorf("took an id: %v", err)
	}
	b.away = false
	if id := take(t, s); id != 3 {
		t.Errorf("id %d, want 3: 2 was taken late", id)
	}
	if next := leading(t, b, ""); leftovers(next) != "1 2e 3" {
		t.Errorf("left is %s", leftovers(next))
	}
}

// Of a fence nothing is in doubt, even if the store was silent before.
func TestAFenceEndsAllDoubt(t *testing.T) {
	b := &silent{Backend: new(mem.Backend), late: true}
	old := leading(t, b, "old")
	b.away = true
	if _, err := old.IDCounter().GetAndIncrement(t.Context()); !errors.Is(err, completed.ErrInDoubt) {
		t.Errorf("took an id: %v", err)
	}
	b.away = false
	next, err := durable.Open(t.Context(), accessTo(t, b.Backend), &durable.Options{Name: "new"})
	must(t, err)
	_, err = old.IDCounter().GetAndIncrement(t.Context())
	fenced(t, "take an id", err, "new")
	if id := take(t, next); id != 1 {
		t.Errorf("the new leader takes %d", id)
	}
}
