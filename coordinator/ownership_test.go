package coordinator_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
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
	wantGarbage(t, claim(t, r, 50), nil, nil)
	wantGarbage(t, claim(t, r, 51), []int64{40, 41, 17}, []string{"s3://bucket/shared/a", "s3://bucket/shared/x", "s3://bucket/shared/y"})
}

// claim restores another savepoint, which shares these files.
func claim(t *testing.T, r *rig, id int64, shared ...string) coordinator.Garbage {
	t.Helper()
	md := savepoint17()
	md.CheckpointID, md.Operators[1] = id, keyedOperator(countID, shared...)
	path := fmt.Sprintf("s3://bucket/savepoint-%d", id)
	r.put(t, path, md)
	restored, err := r.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{Path: path, ClaimMode: coordinator.Claim})
	if err != nil {
		t.Fatal(err)
	}
	return restored.Garbage
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
	w.put(t, savepointPath, md)
	r := newRig(t, w, coordinator.Options{})
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err != nil {
		t.Fatal(err)
	}
	wantGarbage(t, claim(t, r, 30, "s3://bucket/shared/a"), nil, nil)
	wantGarbage(t, claim(t, r, 35, "s3://bucket/shared/a"), []int64{30}, nil)
	wantGarbage(t, claim(t, r, 40), []int64{17, 35}, []string{"s3://bucket/shared/a"})
}

// The same at the end of the job, if it retains what uses the files.
func TestClaimedNativeSavepointStaysForWhatIsRetained(t *testing.T) {
	md := savepoint17()
	native := checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionNone, false)
	md.Properties = &native
	w := &world{}
	w.put(t, savepointPath, md)
	r := newRig(t, w, coordinator.Options{Retain: 2}) // claimed: deleted at any end
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.Add(t.Context(), w.own(18, "s3://bucket/shared/a")); err != nil { // kept on failure
		t.Fatal(err)
	}
	if _, err := r.RestoreLatestToAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Shutdown(t.Context(), "FAILED"); err != nil {
		t.Fatal(err)
	}
	if len(r.garbage) > 0 {
		t.Errorf("discarded: %+v", r.garbage)
	}
}

// claimedNative has claimed a native savepoint, and another that pushed it out and uses
// its files, with a store that outlives the coordinator.
func claimedNative(t *testing.T) *rig {
	t.Helper()
	md := savepoint17()
	native := checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionNone, false)
	md.Properties = &native
	w := &world{}
	w.put(t, savepointPath, md)
	r := newRig(t, w, coordinator.Options{})
	r.store.survives = true
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err != nil {
		t.Fatal(err)
	}
	wantGarbage(t, claim(t, r, 30, "s3://bucket/shared/a"), nil, nil)
	return r
}

// The same at a suspension, if the store keeps what uses the files for whoever goes on
// elsewhere.
func TestClaimedNativeSavepointStaysForWhoGoesOn(t *testing.T) {
	r := claimedNative(t)
	if err := r.Shutdown(t.Context(), completed.Suspended); err != nil {
		t.Fatal(err)
	}
	if len(r.garbage) > 0 {
		t.Errorf("discarded: %+v", r.garbage)
	}
}

// A restore that fails before the retained checkpoints were registered leaves a registry
// that knows nothing. Nothing is taken for unused by it.
func TestAfterAFailedRestoreNothingIsGivenUp(t *testing.T) {
	r := claimedNative(t)
	r.fails = "recover"
	if _, err := r.RestoreLatestToAll(t.Context()); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	if err := r.Shutdown(t.Context(), completed.Suspended); err != nil {
		t.Fatal(err)
	}
	if len(r.garbage) > 0 {
		t.Errorf("discarded: %+v", r.garbage)
	}
}

// A store that does not know whose a checkpoint is brings it back as nobody's.
// Properties that would discard it change nothing.
func TestCheckpointsOfUnknownOwnerStay(t *testing.T) {
	w := withSavepoint(t)
	stray := w.own(5, "s3://bucket/shared/old")
	stray.Owned = false
	other := w.own(50, "s3://bucket/shared/other")
	other.Owned = false
	r := newRig(t, w, coordinator.Options{}, stray)
	wantGarbage(t, claim(t, r, 30), nil, nil)
	if _, err := r.store.Add(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if err := r.Shutdown(t.Context(), "FINISHED"); err != nil {
		t.Fatal(err)
	}
	for _, garbage := range r.garbage {
		wantGarbage(t, garbage, nil, nil)
	}
}

// What the store does not have any more after it recovered is not this
// coordinator's to clear away: each restore begins with a fresh registry.
func TestRestoreForgetsWhatTheStoreForgot(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{}, w.own(5, "s3://bucket/shared/x"))
	if _, err := r.RestoreLatestToAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.store.Deque = newStore(t, w, 1).Deque
	if _, err := r.store.Add(t.Context(), w.own(6, "s3://bucket/shared/y")); err != nil {
		t.Fatal(err)
	}
	if _, err := r.RestoreLatestToAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Shutdown(t.Context(), "FINISHED"); err != nil {
		t.Fatal(err)
	}
	wantGarbage(t, r.garbage[0], []int64{6}, []string{"s3://bucket/shared/y"})
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

// Nor does a later restore of something else clear it away.
func TestFailedClaimStaysWhenAnotherSucceeds(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{})
	w.fails = "hook hook decodes"
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err == nil {
		t.Fatal("no error")
	}
	w.fails = ""
	wantGarbage(t, claim(t, r, 30), nil, nil)
	wantGarbage(t, claim(t, r, 31), []int64{30}, nil)
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
