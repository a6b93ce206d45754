package simulation

import (
	"context"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// Seams are where a run can be broken on purpose, to prove that it would be noticed.
// Each is nil, or changes what a coordinator is given.
type Seams struct {
	Backend func(backend.Backend) backend.Backend
	Store   func(completed.Journal) completed.Journal
	Counter func(coordinator.IDCounter) coordinator.IDCounter
	Discard func(*storage.CheckpointStorageAccess) Discard

	NoSweep bool // nothing is swept
	Rough   bool // processes are cut off from the disk often, and nothing else goes wrong

	Executions func(coordinator.Executions) coordinator.Executions

	// Unseen are invariants that nobody looks at, so that what else is broken is seen.
	Unseen []Invariant
}

// Discard is [coordinator.Options.Discard].
type Discard = func(ctx context.Context, garbage coordinator.Garbage) error

func (s Seams) backend(b backend.Backend) backend.Backend {
	if s.Backend == nil {
		return b
	}
	return s.Backend(b)
}

func (s Seams) store(st completed.Journal) completed.Journal {
	if s.Store == nil {
		return st
	}
	return s.Store(st)
}

func (s Seams) counter(c coordinator.IDCounter) coordinator.IDCounter {
	if s.Counter == nil {
		return c
	}
	return s.Counter(c)
}

func (s Seams) discard(access *storage.CheckpointStorageAccess) Discard {
	if s.Discard == nil {
		return nil
	}
	return s.Discard(access)
}

func (s Seams) executions(e coordinator.Executions) coordinator.Executions {
	if s.Executions == nil {
		return e
	}
	return s.Executions(e)
}
