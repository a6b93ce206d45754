package coordinator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/coordinator"
)

// The sequence of the design, as those who are called see it.
func TestRestoreSavepointOrder(t *testing.T) {
	r := newRig(t, withSavepoint(t), coordinator.Options{}, (&world{}).own(5, "s3://bucket/shared/old"))
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err != nil {
		t.Fatal(err)
	}
	wantCalls(t, r,
		"resolve",
		"read",
		"add 17",
		"set count 18",
		"recover",
		"count",
		"hook hook decodes",
		"hook hook restores 17 position",
		`coordinator source goes to 17 with "splits"`,
		"coordinator count goes to 17 without state",
		"discard",
	)
}

func TestRestoreInitialOrder(t *testing.T) {
	t.Run("the savepoint, when there is no checkpoint", func(t *testing.T) {
		r := newRig(t, withSavepoint(t), coordinator.Options{})
		restored, err := r.RestoreInitial(t.Context(), settings(coordinator.NoClaim))
		if err != nil || restored.CheckpointID != 17 {
			t.Fatal(restored, err)
		}
		wantCalls(t, r, "recover", "hook hook resets", "resolve", "read", "add 17", "set count 18", "recover", "count",
			"hook hook decodes", "hook hook restores 17 position",
			`coordinator source goes to 17 with "splits"`, "coordinator count goes to 17 without state")
	})
	t.Run("the checkpoint, whatever the settings say", func(t *testing.T) {
		w := withSavepoint(t)
		r := newRig(t, w, coordinator.Options{}, w.own(20))
		restored, err := r.RestoreInitial(t.Context(), settings(coordinator.NoClaim))
		if err != nil || restored.CheckpointID != 20 || restored.ClaimMode != coordinator.Claim {
			t.Fatal(restored, err)
		}
		wantCalls(t, r, "recover", "count", "coordinator source goes to 20 without state", "coordinator count goes to 20 without state")
	})
	t.Run("nothing", func(t *testing.T) {
		r := newRig(t, &world{}, coordinator.Options{})
		restored, err := r.RestoreInitial(t.Context(), coordinator.SavepointRestoreSettings{})
		if err != nil || restored != nil {
			t.Fatal(restored, err)
		}
		wantCalls(t, r, "recover", "hook hook resets")
	})
}

func TestFailoverOrder(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{}, w.own(20))
	if restored, err := r.RestoreLatestToAll(t.Context()); err != nil || restored.CheckpointID != 20 {
		t.Fatal(restored, err)
	}
	wantCalls(t, r, "recover", "count", "coordinator source goes to 20 without state", "coordinator count goes to 20 without state")

	restored, err := r.RestoreLatestToSubtasks(t.Context(), testJob(t).Vertex(1).ID)
	if err != nil {
		t.Fatal(err)
	}
	wantCalls(t, r, "recover", "count")
	if vertices := restored.Assignment.Vertices; len(vertices) != 1 || vertices[0].Vertex.Name != "count" {
		t.Errorf("a region of one vertex got %+v", vertices)
	}
}

func TestFailoverWithoutCheckpoint(t *testing.T) {
	r := newRig(t, &world{}, coordinator.Options{})
	if restored, err := r.RestoreLatestToAll(t.Context()); err != nil || restored != nil {
		t.Fatal(restored, err)
	}
	wantCalls(t, r, "recover", "hook hook resets",
		"coordinator source goes to -1 without state", "coordinator count goes to -1 without state")

	if restored, err := r.RestoreLatestToSubtasks(t.Context(), testJob(t).Vertex(0).ID); err != nil || restored != nil {
		t.Fatal(restored, err)
	}
	wantCalls(t, r, "recover", "hook hook resets")
}

func TestShutdownOrder(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{}, w.own(5))
	if err := r.Shutdown(t.Context(), "FINISHED"); err != nil {
		t.Fatal(err)
	}
	wantCalls(t, r, "hook hook closes", "shut down store FINISHED", "shut down counter FINISHED", "discard")
	if err := r.Shutdown(t.Context(), "FAILED"); err != nil {
		t.Fatal(err)
	}
	wantCalls(t, r)
}

func wantCalls(t *testing.T, r *rig, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, r.take()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}
