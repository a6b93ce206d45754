package coordinator_test

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/restore"
)

func TestRestoredSavepoint(t *testing.T) {
	r := newRig(t, withSavepoint(t), coordinator.Options{})
	restored, err := r.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim))
	if err != nil {
		t.Fatal(err)
	}
	if restored.CheckpointID != 17 || restored.NextCheckpointID != 18 || r.counter.next != 18 {
		t.Errorf("checkpoint %d, next %d, counter %d", restored.CheckpointID, restored.NextCheckpointID, r.counter.next)
	}
	if diff := cmp.Diff([]int64{17}, ids(r.Completed())); diff != "" {
		t.Errorf("retained (-want +got):\n%s", diff)
	}
	if pointer := restored.Location().ExternalPointer(); pointer != savepointPath {
		t.Errorf("pointer %q", pointer)
	}
	// One old subtask, two new ones: both read the file, each its key groups.
	for i := range int32(2) {
		task := restored.Assignment.Vertices[1].Subtask(i)
		handles := task.Operators[0].ManagedKeyedState
		if len(handles) != 1 {
			t.Fatalf("subtask %d has %d handles", i, len(handles))
		}
		file := handles[0].(*checkpoint.IncrementalRemoteKeyedStateHandle).SharedState[0].Handle
		if got := readAll(t, restored, file); got != "10 bytes of "+savepointPath {
			t.Errorf("subtask %d reads %q", i, got)
		}
	}
}

func readAll(t *testing.T, restored *coordinator.Restored, handle checkpoint.StreamStateHandle) string {
	t.Helper()
	reader, err := restored.Open(t.Context(), handle)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	data, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// State that no operator takes: what the user allows is listed, and what is empty
// needs no permission.
func TestNotRestored(t *testing.T) {
	md := savepoint17()
	md.Operators = append(md.Operators, keyedOperator(otherID, "s3://bucket/shared/lost"))
	empty := checkpoint.OperatorState{ID: checkpoint.OperatorID{1}, Parallelism: 1, MaxParallelism: 128}
	md.Operators = append(md.Operators, empty)
	w := &world{}
	w.put(t, savepointPath, md)
	r := newRig(t, w, coordinator.Options{})

	allowed := settings(coordinator.NoClaim)
	allowed.AllowNonRestoredState = true
	restored, err := r.RestoreSavepoint(t.Context(), allowed)
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[checkpoint.OperatorID]restore.Reason{}
	for _, n := range restored.NotRestored {
		reasons[n.Operator.ID] = n.Reason
	}
	want := map[checkpoint.OperatorID]restore.Reason{otherID: restore.ReasonNoOperator, {1}: restore.ReasonEmpty}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Errorf("not restored (-want +got):\n%s", diff)
	}
}

func TestEmptyStateWithoutOperatorNeedsNoPermission(t *testing.T) {
	md := savepoint17()
	md.Operators = append(md.Operators, checkpoint.OperatorState{ID: otherID, Parallelism: 1, MaxParallelism: 128})
	w := &world{}
	w.put(t, savepointPath, md)
	if _, err := newRig(t, w, coordinator.Options{}).RestoreSavepoint(t.Context(), settings(coordinator.NoClaim)); err != nil {
		t.Error(err)
	}
}

// When the coordinator comes back and the checkpoint does not fit the job, that
// is an error; when the job fails over, the same checkpoint is taken as it is.
func TestUnmatchedStateOfACheckpoint(t *testing.T) {
	w := &world{}
	stray := w.own(20)
	stray.Operators = append(stray.Operators, keyedOperator(otherID))
	r := newRig(t, w, coordinator.Options{}, stray)
	if _, err := r.RestoreInitial(t.Context(), coordinator.SavepointRestoreSettings{}); !errors.Is(err, restore.ErrUnmappedState) {
		t.Errorf("start of the job: error %v", err)
	}
	restored, err := r.RestoreLatestToAll(t.Context())
	if err != nil || len(restored.NotRestored) != 1 {
		t.Errorf("failover: %+v, %v", restored, err)
	}
}

// A removed hook is an obstacle at the start, and none in a failover.
func TestUnmatchedMasterState(t *testing.T) {
	w := &world{}
	cp := w.own(20)
	cp.MasterStates = []checkpoint.MasterState{{Name: "removed"}}
	r := newRig(t, w, coordinator.Options{}, cp)
	if _, err := r.RestoreInitial(t.Context(), coordinator.SavepointRestoreSettings{}); !errors.Is(err, masterhook.ErrUnmatchedState) {
		t.Errorf("start of the job: error %v", err)
	}
	if _, err := r.RestoreLatestToAll(t.Context()); err != nil {
		t.Errorf("failover: %v", err)
	}
}

func TestPreferCheckpointForRecovery(t *testing.T) {
	for prefer, want := range map[bool]int64{false: 17, true: 5} {
		w := withSavepoint(t)
		r := newRig(t, w, coordinator.Options{PreferCheckpointForRecovery: prefer}, w.own(5))
		restored, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Legacy))
		if err != nil || restored.CheckpointID != want {
			t.Errorf("prefer %t: %+v, %v", prefer, restored, err)
		}
	}
}

// The state of a coordinator lies with the state of its operator, under whichever
// id that is. Empty state is state.
func TestOperatorCoordinatorsByUserDefinedID(t *testing.T) {
	for name, data := range map[string][]byte{`"offsets"`: []byte("offsets"), `""`: {}} {
		md := savepoint17()
		md.MasterStates, md.Operators = nil, md.Operators[1:]
		md.Operators[0].Coordinator = &checkpoint.ByteStreamStateHandle{HandleName: "c", Data: data}
		w := &world{}
		w.put(t, savepointPath, md)
		r := newRig(t, w, coordinator.Options{})
		if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim)); err != nil {
			t.Fatal(err)
		}
		wantCalls(t, r, "resolve", "read", "add 17", "set count 18", "recover", "count",
			"coordinator source goes to 17 without state", "coordinator count goes to 17 with "+name)
	}
}

// ticking is a clock that goes on by a second whenever it is asked.
type ticking struct {
	work.System
	now time.Time
}

func (c *ticking) Now() time.Time {
	c.now = c.now.Add(time.Second)
	return c.now
}

func TestStatisticsOfARestore(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	clock := &ticking{now: start}
	r := newRig(t, withSavepoint(t), coordinator.Options{Clock: clock})
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim)); err != nil {
		t.Fatal(err)
	}
	want := statistics.Snapshot{
		Counts: statistics.Counts{Restored: 1},
		LatestRestored: &statistics.RestoredCheckpoint{
			CheckpointID: 17, Properties: checkpoint.UnclaimedProperties(), ExternalPointer: savepointPath,
			StateSize: int64(len("splits") + len("m") + 10), At: start.Add(2 * time.Second), Duration: time.Second,
		},
	}
	if diff := cmp.Diff(want, r.Statistics()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
