package masterhook_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/masterhook"
)

func triggered(t *testing.T, hooks ...*recorder) (states []checkpoint.MasterState, calls []string, err error) {
	t.Helper()
	var h masterhook.Hooks
	for _, hook := range hooks {
		hook.log = &calls
		if err := h.Add(hook); err != nil {
			t.Fatal(err)
		}
	}
	states, err = h.Trigger(t.Context(), 7, time.Unix(100, 0))
	return states, calls, err
}

func TestTriggerAsksEachHook(t *testing.T) {
	states, calls, err := triggered(t,
		&recorder{name: "b", state: &masterhook.State{Version: 3, Payload: []byte("of b")}},
		&recorder{name: "stateless"},
		&recorder{name: "a", state: &masterhook.State{}})
	if err != nil {
		t.Fatal(err)
	}
	want := []checkpoint.MasterState{{Name: "b", Version: 3, Payload: []byte("of b")}, {Name: "a"}}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"b: trigger 7 at 100", "stateless: trigger 7 at 100", "a: trigger 7 at 100"}, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestOneHookThatFailsEndsTheCheckpoint(t *testing.T) {
	states, calls, err := triggered(t,
		&recorder{name: "first", state: &masterhook.State{}},
		&recorder{name: "second", fails: "trigger 7 at 100"},
		&recorder{name: "third"})
	if !errors.Is(err, errBroken) || !strings.Contains(err.Error(), `"second"`) || states != nil {
		t.Errorf("%v, %v: want the error of the second hook by its name, and no states", states, err)
	}
	if len(calls) != 2 {
		t.Errorf("hooks were asked for a checkpoint that had failed: %q", calls)
	}
}

func TestNoHookIsAskedForACheckpointThatWasGivenUp(t *testing.T) {
	var calls []string
	h := hooks(t, &calls, "a")
	ctx, giveUp := context.WithCancelCause(t.Context())
	giveUp(errBroken)
	if _, err := h.Trigger(ctx, 7, time.Unix(100, 0)); !errors.Is(err, errBroken) || len(calls) != 0 {
		t.Errorf("%v after calls %q, want the reason and no call", err, calls)
	}
}

// late adds another hook while it is triggered, and so would wait for itself if hooks
// were called under the lock.
type late struct {
	*recorder
	hooks *masterhook.Hooks
}

func (l late) TriggerCheckpoint(ctx context.Context, id int64, at time.Time) (*masterhook.State, error) {
	if err := l.hooks.Add(&recorder{name: "added", log: l.log}); err != nil {
		return nil, err
	}
	return l.recorder.TriggerCheckpoint(ctx, id, at)
}

func TestHooksMayBeAddedMeanwhile(t *testing.T) {
	var calls []string
	var h masterhook.Hooks
	if err := h.Add(late{&recorder{name: "a", log: &calls}, &h}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Trigger(t.Context(), 7, time.Unix(100, 0)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a: trigger 7 at 100"}, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", "added"}, h.Identifiers()); diff != "" {
		t.Errorf("identifiers (-want +got):\n%s", diff)
	}
}
