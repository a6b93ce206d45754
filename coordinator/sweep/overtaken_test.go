package sweep_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/sweep"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// overtaking is a store in which something happens just before it is listed.
type overtaking struct {
	backend.Through
	before func()
}

func (o *overtaking) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	if before := o.before; before != nil {
		o.before = nil
		before()
	}
	return o.Through.List(ctx, prefix)
}

// A leader that slept before it listed sees files of its successor's tasks, which no
// metadata mentions yet.
func TestWhoIsOvertakenWhileHeLooksDoesNotSweep(t *testing.T) {
	store := &overtaking{Through: backend.Through{Backend: new(mem.Backend)}}
	old := at(t, store)
	store.before = func() {
		successor := at(t, store)
		successor.write(successor.location(successor.take()), storage.SharedState)
	}
	facts, err := sweep.Look(t.Context(), old.access, old.Store, nil)
	if !errors.Is(err, completed.ErrFenced) {
		t.Errorf("looking gives %+v, %v; want ErrFenced", facts, err)
	}
}
