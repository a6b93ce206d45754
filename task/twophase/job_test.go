package twophase_test

import (
	"context"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
	"github.com/cairnstate/cairn/task/twophase"
)

// running is an attempt of all subtasks, which process 0, 1, 2 … in turn.
type running struct {
	sinks    []*twophase.Sink[int, string]
	backends []*state.Backend
	next     int
}

// saved is a checkpoint.
type saved struct {
	id   int64
	next int
	op   checkpoint.OperatorState
}

// stable is the storage of checkpoints.
type stable struct {
	streams *storage.CheckpointStreamFactory
	at      storage.CompletedCheckpointStorageLocation
}

const maxParallelism = 8

func newStable(t *testing.T) *stable {
	t.Helper()
	var registry backend.Registry
	registry.Register(new(mem.Host).Open, "mem")
	s, err := storage.New(&registry, nil)
	must(t, err)
	access, err := s.CreateCheckpointStorage(t.Context(), checkpoint.JobID{1}, "mem://b/ck", &storage.AccessOptions{AllowVolatile: true})
	must(t, err)
	location, err := access.InitializeLocationForCheckpoint(1)
	must(t, err)
	metadata, err := location.CreateMetadataOutputStream(t.Context())
	must(t, err)
	_, err = metadata.Write([]byte("\x49\x60\x67\x2d")) // as metadata begins
	must(t, err)
	at, err := metadata.CloseAndFinalizeCheckpoint()
	must(t, err)
	return &stable{location.CheckpointStreamFactory, at}
}

// start starts all subtasks, from a checkpoint or anew.
func (s *stable) start(t *testing.T, w *world, from *saved, parallelism int32) (*running, error) {
	t.Helper()
	r := &running{}
	var assignment *restore.Assignment
	if from != nil {
		r.next = from.next
		j, err := job.New(job.Vertex{Name: "sink", Parallelism: parallelism, MaxParallelism: maxParallelism, Operators: []job.Operator{{ID: from.op.ID}}})
		must(t, err)
		assignment, err = restore.Assign(from.id, j, []checkpoint.OperatorState{from.op}, nil)
		must(t, err)
	}
	for i := range parallelism {
		sub := &program.Subtask{Index: i, Parallelism: parallelism}
		sub.State = state.New(maxParallelism, checkpoint.KeyGroupRangeForSubtask(i, maxParallelism, parallelism))
		if from != nil {
			sub.RestoredCheckpoint = from.id
			restored := assignment.Vertices[0].Subtask(i)
			must(t, sub.State.Restore(t.Context(), s.at, &restored.Operators[0]))
		}
		sink := twophase.New(w)
		r.sinks, r.backends = append(r.sinks, sink), append(r.backends, sub.State)
		if err := sink.Open(t.Context(), sub); err != nil {
			return r, err
		}
		if r.next%int(parallelism) == int(i) { // those that are open do not wait for others
			if err := r.writeTo(t.Context(), sink); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

func (r *running) write(ctx context.Context) error {
	return r.writeTo(ctx, r.sinks[r.next%len(r.sinks)])
}

func (r *running) writeTo(ctx context.Context, sink *twophase.Sink[int, string]) error {
	r.next++
	return sink.Write(ctx, r.next-1)
}

func (r *running) snapshot(t *testing.T, s *stable, id int64) (*saved, error) {
	t.Helper()
	cp := &saved{id: id, next: r.next, op: checkpoint.OperatorState{
		ID: checkpoint.OperatorIDFromUID("sink"), Parallelism: int32(len(r.sinks)), MaxParallelism: maxParallelism}}
	for i, sink := range r.sinks {
		if err := sink.Snapshot(t.Context(), id); err != nil {
			return nil, err
		}
		written, err := r.backends[i].Snapshot().Write(t.Context(), s.streams, checkpoint.CheckpointType)
		must(t, err)
		cp.op.Subtasks = append(cp.op.Subtasks, checkpoint.SubtaskState{Index: int32(i), State: written})
	}
	return cp, nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
