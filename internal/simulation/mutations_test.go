package simulation

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/task"
)

var mutations = []mutation{
	{"the record is written without looking", Seams{Backend: func(b backend.Backend) backend.Backend { return blind{through{b}} }},
		[]Invariant{UniqueIDs, OneWinner, Referenced, Whole, Latest, Told}},
	{"ids are counted in memory", Seams{Counter: inMemory}, []Invariant{UniqueIDs}},
	{"ids repeat, and metadata is replaced", Seams{
		Counter: inMemory, Unseen: []Invariant{UniqueIDs, NoOrphans},
		Backend: func(b backend.Backend) backend.Backend { return replacing{through{b}} },
	}, []Invariant{OneWinner}},
	{"what will be subsumed is deleted before", Seams{Store: func(s completed.Journal) completed.Journal { return hasty{s} }}, []Invariant{Referenced}},
	{"a doubtful write counts as none", Seams{Rough: true, Store: func(s completed.Journal) completed.Journal { return sure{s} }}, []Invariant{Referenced, Whole}},
	{"a failed write counts as one", Seams{Rough: true, Store: func(s completed.Journal) completed.Journal { return hopeful{s} }}, []Invariant{Told}},
	{"no checkpoint is ever added", Seams{Store: func(s completed.Journal) completed.Journal { return full{s} }}, []Invariant{Progress}},
	{"the last but one is restored", Seams{Store: func(s completed.Journal) completed.Journal { return old{s} }}, []Invariant{Latest}},
	{"a task that runs counts as finished", Seams{Executions: func(e coordinator.Executions) coordinator.Executions { return rash{e} }}, []Invariant{Whole, Progress}},
	{"the end waits for what never comes", Seams{Store: func(s completed.Journal) completed.Journal { return endless{s} }}, []Invariant{Terminating}},
	{"nothing is swept", Seams{NoSweep: true}, []Invariant{NoOrphans}},
	{"nothing is discarded", Seams{Discard: func(*storage.CheckpointStorageAccess) Discard {
		return func(context.Context, coordinator.Garbage) error { return nil }
	}}, []Invariant{NoOrphans}},
	{"garbage is discarded with its neighbours", Seams{Discard: generous}, []Invariant{Referenced, Whole}},
}

// through keeps the powers of a backend that is changed.
type through struct{ backend.Backend }

func (t through) Limits() backend.Limits { return backend.LimitsOf(t.Backend) }

func (t through) DeleteAll(ctx context.Context, keys []string) error {
	return backend.DeleteAll(ctx, t.Backend, keys)
}

func (t through) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	return backend.Swap(ctx, t.Backend, key, old, data)
}

// blind swaps whatever is there.
type blind struct{ through }

func (b blind) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	if info, err := b.Stat(ctx, key); err == nil {
		old = info.Version
	} else if errors.Is(err, fs.ErrNotExist) {
		old = ""
	}
	return b.through.Swap(ctx, key, old, data)
}

// replacing creates metadata without asking for its absence.
type replacing struct{ through }

func (r replacing) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	if path.Base(key) == storage.MetadataFileName {
		opts = nil
	}
	return r.Backend.Create(ctx, key, opts)
}

// counting numbers checkpoints from the last that was restored or made here.
type counting struct {
	coordinator.IDCounter
	next int64
}

func inMemory(c coordinator.IDCounter) coordinator.IDCounter { return &counting{c, 1} }

func (c *counting) Get(context.Context) (int64, error) { return c.next, nil }

func (c *counting) GetAndIncrement(context.Context) (int64, error) {
	c.next++
	return c.next - 1, nil
}

// hasty deletes the oldest checkpoint before another takes its place.
type hasty struct{ completed.Journal }

func (h hasty) Add(ctx context.Context, c *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	if all := h.All(); len(all) > 0 && all[0].Owned {
		_ = storage.DisposeStorageLocation(ctx, all[0].Location, nil)
	}
	return h.Journal.Add(ctx, c)
}

// sure knows no doubt.
type sure struct{ completed.Journal }

func (s sure) Add(ctx context.Context, c *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	subsumed, err := s.Journal.Add(ctx, c)
	if errors.Is(err, completed.ErrInDoubt) {
		err = errors.New("it was not written")
	}
	return subsumed, err
}

// hopeful knows no failure.
type hopeful struct{ completed.Journal }

func (h hopeful) Add(ctx context.Context, c *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	subsumed, _ := h.Journal.Add(ctx, c)
	return subsumed, nil
}

// full takes nothing.
type full struct{ completed.Journal }

func (full) Add(context.Context, *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	return nil, errors.New("it is full")
}

// old does not show the newest.
type old struct{ completed.Journal }

func (o old) All() []*completed.Checkpoint {
	all := o.Journal.All()
	if len(all) > 1 {
		all = all[:len(all)-1]
	}
	return all
}

// endless does not conclude.
type endless struct{ completed.Journal }

func (endless) Conclude(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// rash says that the first subtask has finished.
type rash struct{ coordinator.Executions }

func (r rash) Current() [][]plan.Execution {
	current := r.Executions.Current()
	if len(current) > 0 && len(current[0]) > 0 && current[0][0].State == task.Running {
		current[0] = slices.Clone(current[0])
		current[0][0].State = task.Finished
	}
	return current
}

// generous deletes all that an old checkpoint shared.
func generous(access *storage.CheckpointStorageAccess) Discard {
	return func(ctx context.Context, g coordinator.Garbage) error {
		var files []string
		for _, cp := range g.Checkpoints {
			for i := range cp.Operators {
				for _, subtask := range cp.Operators[i].Subtasks {
					files = append(files, sharedFiles(subtask.State)...)
				}
			}
		}
		return access.DiscardPaths(ctx, files, nil, nil)
	}
}

func sharedFiles(state *checkpoint.OperatorSubtaskState) []string {
	if state == nil {
		return nil
	}
	var files []string
	for _, f := range referenced(state) {
		if f.Kind == checkpoint.SharedHandle && !f.Relative {
			files = append(files, f.Path)
		}
	}
	return files
}
