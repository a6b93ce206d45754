package coordinator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
)

func TestClaimModes(t *testing.T) {
	own := checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation)
	for _, c := range []struct {
		mode       coordinator.ClaimMode
		properties checkpoint.Properties
		full       bool
	}{
		{coordinator.NoClaim, checkpoint.UnclaimedProperties(), true},
		{coordinator.Claim, own, false},
		{coordinator.Legacy, checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, false), false},
	} {
		t.Run(c.mode.String(), func(t *testing.T) {
			r := newRig(t, withSavepoint(t), coordinator.Options{RetentionPolicy: checkpoint.RetainOnCancellation})
			restored, err := r.RestoreSavepoint(t.Context(), settings(c.mode))
			if err != nil {
				t.Fatal(err)
			}
			if restored.ClaimMode != c.mode || restored.Properties != c.properties {
				t.Errorf("claim mode %s, properties %+v", restored.ClaimMode, restored.Properties)
			}
			if restored.ForceFullSnapshot() != c.full || r.ForceFullSnapshot() != c.full {
				t.Errorf("force full snapshot: %t, %t, want %t", restored.ForceFullSnapshot(), r.ForceFullSnapshot(), c.full)
			}
			if restored.NextCheckpointID != 18 || len(r.Completed()) != 1 {
				t.Errorf("next id %d, retained %v", restored.NextCheckpointID, ids(r.Completed()))
			}
			// The job failed before its first checkpoint: all holds as before.
			again, err := r.RestoreLatestToAll(t.Context())
			if err != nil || again.ClaimMode != c.mode || again.ForceFullSnapshot() != c.full {
				t.Errorf("after a failover: %+v, %v", again, err)
			}
		})
	}
}

// The flag follows what was restored last.
func TestForceFullSnapshotEndsWithAnOwnCheckpoint(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{})
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.Add(t.Context(), w.own(18)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.RestoreLatestToAll(t.Context()); err != nil || r.ForceFullSnapshot() {
		t.Errorf("force full snapshot: %t, %v", r.ForceFullSnapshot(), err)
	}
}

func TestForceFullSnapshotEndsWithoutACheckpoint(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{})
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim)); err != nil {
		t.Fatal(err)
	}
	r.store.Deque = newStore(t, w, 1).Deque
	if _, err := r.RestoreLatestToAll(t.Context()); err != nil || r.ForceFullSnapshot() {
		t.Errorf("force full snapshot: %t, %v", r.ForceFullSnapshot(), err)
	}
}

// The job's checkpoint 5 goes when the savepoint takes its place; what of its
// files goes along depends on whose the savepoint's are.
func TestGarbageOfRestoringASavepoint(t *testing.T) {
	for _, c := range []struct {
		mode        coordinator.ClaimMode
		checkpoints []int64
		shared      []string
	}{
		// Behind a savepoint the newest checkpoint stays.
		{coordinator.NoClaim, nil, nil},
		{coordinator.Legacy, nil, nil},
		{coordinator.Claim, []int64{5}, []string{"s3://bucket/shared/old"}},
	} {
		t.Run(c.mode.String(), func(t *testing.T) {
			w := withSavepoint(t)
			r := newRig(t, w, coordinator.Options{}, w.own(5, "s3://bucket/shared/old", "s3://bucket/shared/a"))
			if _, err := r.RestoreLatestToAll(t.Context()); err != nil {
				t.Fatal(err)
			}
			restored, err := r.RestoreSavepoint(t.Context(), settings(c.mode))
			if err != nil {
				t.Fatal(err)
			}
			wantGarbage(t, restored.Garbage, c.checkpoints, c.shared)
			if discarded := len(r.garbage) > 0; discarded == restored.Garbage.Empty() {
				t.Errorf("discarded: %+v", r.garbage)
			}
		})
	}
}

// Whatever ends the job, what the user owns is left alone, and the job's own
// goes as its properties say.
func TestGarbageOfTheEnd(t *testing.T) {
	for _, c := range []struct {
		mode        coordinator.ClaimMode
		status      completed.JobStatus
		checkpoints []int64
		shared      []string
	}{
		{coordinator.NoClaim, completed.Finished, []int64{18}, []string{"s3://bucket/shared/b"}},
		{coordinator.Legacy, completed.Finished, []int64{18}, []string{"s3://bucket/shared/b"}},
		{coordinator.Claim, completed.Finished, []int64{17, 18}, []string{"s3://bucket/shared/a", "s3://bucket/shared/b"}},
		{coordinator.Claim, completed.Cancelled, []int64{17, 18}, []string{"s3://bucket/shared/a", "s3://bucket/shared/b"}},
		{coordinator.Claim, completed.Failed, nil, nil},
		{coordinator.Claim, completed.Suspended, []int64{17, 18}, nil},
	} {
		t.Run(c.mode.String()+" "+string(c.status), func(t *testing.T) {
			w := withSavepoint(t)
			r := newRig(t, w, coordinator.Options{Retain: 2, RetentionPolicy: checkpoint.RetainOnFailure})
			if _, err := r.RestoreSavepoint(t.Context(), settings(c.mode)); err != nil {
				t.Fatal(err)
			}
			if _, err := r.store.Add(t.Context(), w.own(18, "s3://bucket/shared/a", "s3://bucket/shared/b")); err != nil {
				t.Fatal(err)
			}
			if _, err := r.RestoreLatestToAll(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := r.Shutdown(t.Context(), c.status); err != nil {
				t.Fatal(err)
			}
			var garbage coordinator.Garbage
			if len(r.garbage) > 0 {
				garbage = r.garbage[0]
			}
			wantGarbage(t, garbage, c.checkpoints, c.shared)
		})
	}
}

func wantGarbage(t *testing.T, garbage coordinator.Garbage, checkpoints []int64, shared []string) {
	t.Helper()
	var paths []string
	for _, deletion := range garbage.SharedState {
		paths = append(paths, deletion.Path)
	}
	if diff := cmp.Diff(checkpoints, ids(garbage.Checkpoints)); diff != "" {
		t.Errorf("checkpoints to discard (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(shared, paths); diff != "" {
		t.Errorf("shared state to delete (-want +got):\n%s", diff)
	}
}
