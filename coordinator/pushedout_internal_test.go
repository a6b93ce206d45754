package coordinator

import (
	"context"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// owing is a journal that has pushed out a checkpoint and not told yet.
type owing struct {
	*completed.Deque
	owed []*completed.Checkpoint
}

func (o owing) PushedOut() []*completed.Checkpoint              { return o.owed }
func (owing) Started(context.Context, completed.Leftover) error { return nil }
func (owing) Completed(context.Context, int64) error            { return nil }
func (owing) Ended(int64)                                       {}
func (owing) Conclude(context.Context) error                    { return nil }
func (owing) Leftovers() []completed.Leftover                   { return nil }
func (owing) Claimed() []string                                 { return nil }

type somewhere struct {
	storage.CompletedCheckpointStorageLocation
	pointer string
}

func (s somewhere) ExternalPointer() string { return s.pointer }

// using is a checkpoint that uses one file.
func using(id int64, pointer string, created checkpoint.Properties, file string) *completed.Checkpoint {
	state := &checkpoint.IncrementalRemoteKeyedStateHandle{Range: checkpoint.KeyGroups(0, 127),
		SharedState: []checkpoint.HandleAndLocalPath{{LocalPath: "1.sst", Handle: &checkpoint.FileStateHandle{Path: file, Size: 1}}}}
	return &completed.Checkpoint{
		ID: id, Owned: true, CreatedAs: &created, Properties: checkpoint.CheckpointProperties(checkpoint.RetainOnFailure), Location: somewhere{pointer: pointer},
		Operators: []checkpoint.OperatorState{{Subtasks: []checkpoint.SubtaskState{{State: &checkpoint.OperatorSubtaskState{ManagedKeyedState: state}}}}},
	}
}

// A claimed native savepoint was pushed out by an addition whose answer was lost. Whoever
// restores then must know whose the files are that newer checkpoints use: the directory
// that they lie in is given up with the next addition.
func TestWhatIsPushedOutInDoubtIsRegistered(t *testing.T) {
	const file = "mem://world/savepoint-1/x"
	native := checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionNone, false)
	deque, err := completed.NewDeque(1)
	if err != nil {
		t.Fatal(err)
	}
	newer := using(6, "mem://world/job/chk-6", checkpoint.CheckpointProperties(checkpoint.RetainOnFailure), file)
	if _, err := deque.Add(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	id := checkpoint.OperatorIDFromUID("count")
	j, err := job.New(job.Vertex{Name: "count", Parallelism: 1, Operators: []job.Operator{{ID: id}}})
	if err != nil {
		t.Fatal(err)
	}
	st, err := storage.New(new(backend.Registry), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(j, st, &Options{Store: owing{deque, []*completed.Checkpoint{using(3, "mem://world/savepoint-1", native, file)}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.registerRetained(); err != nil {
		t.Fatal(err)
	}
	if unused := c.unregisterUnused(6, []*completed.Checkpoint{newer}); !unused.InUse[3] {
		t.Errorf("unused is %+v; checkpoint 3 must stay, checkpoint 6 uses a file in it", unused)
	}
}
