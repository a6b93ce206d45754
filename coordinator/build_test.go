package coordinator_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job"
)

// The job of most tests: a source with a coordinator, and an operator with keyed
// state whose uid hash was set.
var (
	sourceID = checkpoint.OperatorIDFromUID("source")
	countID  = checkpoint.OperatorIDFromUID("count")
	hashedID = checkpoint.OperatorIDFromUID("hashed")
	otherID  = checkpoint.OperatorIDFromUID("removed")
)

const savepointPath = "s3://bucket/savepoint-17"

func testJob(t *testing.T) *job.Job {
	t.Helper()
	j, err := job.New(
		job.Vertex{Name: "source", Parallelism: 1, Operators: []job.Operator{{ID: sourceID, UID: "source"}}},
		job.Vertex{Name: "count", Parallelism: 2, Operators: []job.Operator{{ID: countID, UserDefined: &hashedID}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// savepoint17 has something for everyone.
func savepoint17() *checkpoint.Metadata {
	return &checkpoint.Metadata{
		CheckpointID: 17,
		MasterStates: []checkpoint.MasterState{{Name: "hook", Version: 1, Payload: []byte("position")}},
		Operators: []checkpoint.OperatorState{
			{ID: sourceID, Parallelism: 1, MaxParallelism: 128, Coordinator: &checkpoint.ByteStreamStateHandle{HandleName: "c", Data: []byte("splits")}},
			keyedOperator(hashedID, "s3://bucket/shared/a"),
		},
	}
}

func keyedOperator(id checkpoint.OperatorID, shared ...string) checkpoint.OperatorState {
	state := &checkpoint.IncrementalRemoteKeyedStateHandle{
		BackendID: "8a3ba19c-7a5a-4a5e-9b0e-2f8a0ad0a001",
		Range:     checkpoint.KeyGroups(0, 127),
		MetaState: &checkpoint.ByteStreamStateHandle{HandleName: "meta", Data: []byte("m")},
		HandleID:  "handle",
	}
	for i, path := range shared {
		state.SharedState = append(state.SharedState, checkpoint.HandleAndLocalPath{
			LocalPath: fmt.Sprintf("%06d.sst", i), Handle: &checkpoint.FileStateHandle{Path: path, Size: 10},
		})
	}
	return checkpoint.OperatorState{
		ID: id, Parallelism: 1, MaxParallelism: 128,
		Subtasks: []checkpoint.SubtaskState{{State: &checkpoint.OperatorSubtaskState{ManagedKeyedState: state}}},
	}
}

// put makes the world have a savepoint at the path.
func (w *world) put(t *testing.T, path string, md *checkpoint.Metadata) {
	t.Helper()
	data, err := metadata.Encode(&metadata.File{Version: metadata.CurrentVersion, Metadata: *md}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w.metadata == nil {
		w.metadata = make(map[string][]byte)
	}
	w.metadata[path] = data
}

// own is a checkpoint that the job itself took.
func (w *world) own(id int64, shared ...string) *completed.Checkpoint {
	return &completed.Checkpoint{
		ID: id, Owned: true,
		Properties: checkpoint.CheckpointProperties(checkpoint.RetainOnFailure),
		Operators:  []checkpoint.OperatorState{keyedOperator(countID, shared...)},
		Location:   &location{world: w, pointer: fmt.Sprintf("s3://bucket/job/chk-%d", id)},
	}
}

// rig is a coordinator in a world that records.
type rig struct {
	*world
	*coordinator.Coordinator
	store   *store
	counter *counter
	garbage []coordinator.Garbage
}

// newRig makes a coordinator with a hook, and coordinators for both operators,
// over a store that has these checkpoints.
func newRig(t *testing.T, w *world, opts coordinator.Options, stored ...*completed.Checkpoint) *rig {
	t.Helper()
	r := &rig{world: w, store: newStore(t, w, max(opts.Retain, 1)), counter: &counter{world: w, next: 1}}
	for _, cp := range stored {
		if _, err := r.store.Add(t.Context(), cp); err != nil {
			t.Fatal(err)
		}
	}
	opts.Store, opts.IDCounter = r.store, r.counter
	opts.Discard = r.discard
	var err error
	if r.Coordinator, err = coordinator.New(testJob(t), w, &opts); err != nil {
		t.Fatal(err)
	}
	if err := r.AddMasterHook(hook{w, "hook"}); err != nil {
		t.Fatal(err)
	}
	for _, oc := range []operatorCoordinator{{w, "source"}, {w, "count"}} {
		if err := r.AddOperatorCoordinator(checkpoint.OperatorIDFromUID(oc.name), oc); err != nil {
			t.Fatal(err)
		}
	}
	w.take()
	return r
}

func (r *rig) discard(_ context.Context, garbage coordinator.Garbage) error {
	r.ForceFullSnapshot() // deadlocks if the lock is held
	r.garbage = append(r.garbage, garbage)
	return r.did("discard")
}

func withSavepoint(t *testing.T) *world {
	t.Helper()
	w := &world{}
	w.put(t, savepointPath, savepoint17())
	return w
}

func settings(mode coordinator.ClaimMode) coordinator.SavepointRestoreSettings {
	return coordinator.SavepointRestoreSettings{Path: savepointPath, ClaimMode: mode}
}

func ids(checkpoints []*completed.Checkpoint) []int64 {
	var ids []int64
	for _, cp := range checkpoints {
		ids = append(ids, cp.ID)
	}
	return ids
}
