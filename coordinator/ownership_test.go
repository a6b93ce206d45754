package coordinator_test

import (
	"slices"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
)

// A snapshot of the past, claimed into a job that is further: its shared files
// have low numbers, and are needed all the same.
func TestClaimingAnOlderSnapshotDeletesNothingOfIt(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{Retain: 2}, w.own(40, "s3://bucket/shared/x"), w.own(41, "s3://bucket/shared/y"))
	if _, err := r.RestoreLatestToAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	restored, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim))
	if err != nil {
		t.Fatal(err)
	}
	wantGarbage(t, restored.Garbage, nil, nil) // 40 waits: nothing says yet that it is behind
	if got := ids(r.Completed()); !slices.Equal(got, []int64{41, 17}) {
		t.Errorf("retained %v", got)
	}
}

// Whoever restores the same place again does not lose it to the first time.
func TestRestoringAPlaceAgainDoesNotDiscardIt(t *testing.T) {
	for _, again := range []string{savepointPath, "s3a://bucket/savepoint-17"} {
		w := withSavepoint(t)
		w.put(t, again, savepoint17())
		r := newRig(t, w, coordinator.Options{})
		if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err != nil {
			t.Fatal(err)
		}
		for _, mode := range []coordinator.ClaimMode{coordinator.Claim, coordinator.NoClaim, coordinator.Legacy} {
			settings := settings(mode)
			settings.Path = again
			restored, err := r.RestoreSavepoint(t.Context(), settings)
			if err != nil {
				t.Fatal(err)
			}
			wantGarbage(t, restored.Garbage, nil, nil)
		}
	}
}

// A claimed native savepoint stays until nothing uses the files in it.
func TestClaimedNativeSavepointWaits(t *testing.T) {
	md := savepoint17()
	native := checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionNone, false)
	md.Properties = &native
	w := &world{}
	w.put(t, savepointPath, md)
	later := *md
	later.CheckpointID = 30
	w.put(t, "s3://bucket/later", &later)
	last := savepoint17()
	last.CheckpointID, last.Operators = 40, nil
	w.put(t, "s3://bucket/last", last)

	r := newRig(t, w, coordinator.Options{})
	for _, step := range []struct {
		path    string
		garbage []int64
		shared  []string
	}{
		{savepointPath, nil, nil},
		{"s3://bucket/later", nil, nil}, // it uses the files of 17
		{"s3://bucket/last", []int64{17, 30}, []string{"s3://bucket/shared/a"}},
	} {
		restored, err := r.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{Path: step.path, ClaimMode: coordinator.Claim})
		if err != nil {
			t.Fatal(err)
		}
		wantGarbage(t, restored.Garbage, step.garbage, step.shared)
	}
}

// A restore that fails has pushed a checkpoint out of the store, and claimed
// another. Both are still there for whoever needs them now.
func TestFailedRestoreDeletesNothing(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{}, w.own(5, "s3://bucket/shared/old"))
	w.fails = "hook hook decodes"
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err == nil {
		t.Fatal("no error")
	}
	if err := r.Shutdown(t.Context(), "FAILED"); err != nil {
		t.Fatal(err)
	}
	if len(r.garbage) > 0 {
		t.Errorf("discarded: %+v", r.garbage)
	}
}

// The claim holds from when the restore succeeds, at whichever try.
func TestClaimHoldsAfterARetry(t *testing.T) {
	for name, retry := range map[string]func(r *rig) error{
		"savepoint": func(r *rig) error {
			_, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim))
			return err
		},
		"failover": func(r *rig) error {
			_, err := r.RestoreLatestToAll(t.Context())
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := withSavepoint(t)
			r := newRig(t, w, coordinator.Options{})
			w.fails = "hook hook decodes"
			if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err == nil {
				t.Fatal("no error")
			}
			w.fails = ""
			if err := retry(r); err != nil {
				t.Fatal(err)
			}
			if err := r.Shutdown(t.Context(), "FAILED"); err != nil {
				t.Fatal(err)
			}
			if len(r.garbage) != 1 {
				t.Fatalf("discarded: %+v", r.garbage)
			}
			wantGarbage(t, r.garbage[0], []int64{17}, []string{"s3://bucket/shared/a"})
		})
	}
}
