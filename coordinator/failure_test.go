package coordinator_test

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
)

// What a failed restore leaves behind, step by step: what was done stays done,
// nothing after it is begun, nothing is discarded, and the next try succeeds.
func TestRestoreSavepointFailsAtEachStep(t *testing.T) {
	const addedAndCounted = 18
	for _, c := range []struct {
		step     string
		retained []int64
		next     int64
	}{
		{"resolve", []int64{5}, 1},
		{"read", []int64{5}, 1},
		{"add 17", []int64{5}, 1},
		{"set count 18", []int64{17}, 1},
		{"recover", []int64{17}, addedAndCounted},
		{"count", []int64{17}, addedAndCounted},
		{"hook hook decodes", []int64{17}, addedAndCounted},
		{"hook hook restores 17 position", []int64{17}, addedAndCounted},
		{`coordinator source goes to 17 with "splits"`, []int64{17}, addedAndCounted},
		{"coordinator count goes to 17 without state", []int64{17}, addedAndCounted},
	} {
		t.Run(c.step, func(t *testing.T) {
			w := withSavepoint(t)
			r := newRig(t, w, coordinator.Options{}, w.own(5))
			w.fails = c.step
			_, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim))
			if !errors.Is(err, errBroken) {
				t.Fatalf("error %v", err)
			}
			calls := r.take()
			if last := calls[len(calls)-1]; last != c.step {
				t.Errorf("went on to %q", last)
			}
			if diff := cmp.Diff(c.retained, ids(r.Completed())); diff != "" {
				t.Errorf("retained (-want +got):\n%s", diff)
			}
			if r.counter.next != c.next {
				t.Errorf("the counter is at %d, want %d", r.counter.next, c.next)
			}
			if n := r.Statistics().Counts.Restored; n != 0 {
				t.Errorf("%d restores were reported", n)
			}
			w.fails = ""
			if restored, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err != nil || restored.CheckpointID != 17 {
				t.Errorf("the next try: %v, %v", restored, err)
			}
			wantAllClosed(t, r)
		})
	}
}

// A location is the coordinator's only once the savepoint is in its books.
func wantAllClosed(t *testing.T, r *rig) {
	t.Helper()
	if err := r.Shutdown(t.Context(), "SUSPENDED"); err != nil {
		t.Error(err)
	}
	if open := r.openLocations(); open != 0 {
		t.Errorf("%d locations are still open after the end", open)
	}
}

func TestRestoreSavepointRefuses(t *testing.T) {
	unmapped := savepoint17()
	unmapped.Operators = append(unmapped.Operators, keyedOperator(otherID))
	tooFew := savepoint17()
	tooFew.Operators[1].MaxParallelism = 1
	unknownHook := savepoint17()
	unknownHook.MasterStates[0].Name = "forgotten"
	last := savepoint17()
	last.CheckpointID = 1<<63 - 1

	w := &world{metadata: map[string][]byte{"s3://b/torn": []byte("torn")}}
	for path, md := range map[string]*checkpoint.Metadata{
		"s3://b/unmapped": unmapped, "s3://b/tooFew": tooFew, "s3://b/unknownHook": unknownHook,
		"s3://b/negative": savepoint17(), "s3://b/last": last,
	} {
		w.put(t, path, md)
	}
	binary.BigEndian.PutUint64(w.metadata["s3://b/negative"][8:], 1<<63|17) // after magic and version
	for _, c := range []struct {
		path string
		want error
		kept bool // the savepoint got into the store
	}{
		{"", coordinator.ErrNoPath, false},
		{"s3://b/missing", storage.ErrNotFound, false},
		{"s3://b/torn", metadata.ErrNotMetadata, false},
		{"s3://b/negative", metadata.ErrCorrupt, false},
		{"s3://b/last", metadata.ErrCorrupt, false},
		{"s3://b/unmapped", restore.ErrUnmappedState, false},
		{"s3://b/tooFew", restore.ErrParallelismTooHigh, false},
		{"s3://b/unknownHook", nil, true},
	} {
		t.Run(c.path, func(t *testing.T) {
			r := newRig(t, w, coordinator.Options{})
			_, err := r.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{Path: c.path})
			if err == nil || !errors.Is(err, c.want) && c.want != nil {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if kept := slices.Contains(ids(r.Completed()), 17); kept != c.kept {
				t.Errorf("the savepoint is in the store: %t", kept)
			}
			wantAllClosed(t, r)
		})
	}
}

func TestUnknownClaimMode(t *testing.T) {
	r := newRig(t, withSavepoint(t), coordinator.Options{})
	if _, err := r.RestoreSavepoint(t.Context(), settings(9)); err == nil {
		t.Error("no error")
	}
	wantAllClosed(t, r)
}

func TestShutDownCoordinatorRefuses(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{}, w.own(5))
	if err := r.Shutdown(t.Context(), "FAILED"); err != nil {
		t.Fatal(err)
	}
	_, savepoint := r.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim))
	_, initial := r.RestoreInitial(t.Context(), settings(coordinator.NoClaim))
	_, all := r.RestoreLatestToAll(t.Context())
	_, some := r.RestoreLatestToSubtasks(t.Context())
	add := r.AddMasterHook(hook{w, "late"})
	addCoordinator := r.AddOperatorCoordinator(sourceID, operatorCoordinator{w, "late"})
	for i, err := range []error{savepoint, initial, all, some, add, addCoordinator} {
		if !errors.Is(err, coordinator.ErrShutDown) {
			t.Errorf("%d: error %v", i, err)
		}
	}
	if open := r.openLocations(); open != 0 || len(r.Completed()) != 0 {
		t.Errorf("%d locations open, %v retained", open, ids(r.Completed()))
	}
}

// The steps of the end are independent: one that fails keeps no other from
// running. But with the store's answer missing, nobody knows what may go.
func TestShutdownFails(t *testing.T) {
	for _, step := range []string{"hook hook closes", "shut down store FINISHED", "shut down counter FINISHED", "discard"} {
		t.Run(step, func(t *testing.T) {
			w := withSavepoint(t)
			r := newRig(t, w, coordinator.Options{}, w.own(5, "s3://bucket/shared/old"))
			if _, err := r.RestoreLatestToAll(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.take()
			w.fails = step
			if err := r.Shutdown(t.Context(), "FINISHED"); !errors.Is(err, errBroken) {
				t.Errorf("error %v", err)
			}
			want := []string{"hook hook closes", "shut down store FINISHED", "shut down counter FINISHED"}
			if step != "shut down store FINISHED" {
				want = append(want, "discard")
			}
			wantCalls(t, r, want...)
		})
	}
}

func TestContextThatEndedChangesNothing(t *testing.T) {
	r := newRig(t, withSavepoint(t), coordinator.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.RestoreSavepoint(ctx, settings(coordinator.NoClaim)); !errors.Is(err, ctx.Err()) {
		t.Errorf("error %v", err)
	}
	if len(r.Completed()) != 0 || r.counter.next != 1 {
		t.Errorf("retained %v, counter %d", ids(r.Completed()), r.counter.next)
	}
	wantAllClosed(t, r)
}
