package masterhook_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/masterhook"
)

var errBroken = errors.New("broken")

// recorder is a hook that writes down what it is told.
type recorder struct {
	name  string
	log   *[]string
	fails string // the call that fails
	state *masterhook.State
}

func (r *recorder) Identifier() string { return r.name }

func (r *recorder) TriggerCheckpoint(_ context.Context, id int64, at time.Time) (*masterhook.State, error) {
	return r.state, r.did("trigger %d at %d", id, at.Unix())
}

func (r *recorder) Decode(version int32, payload []byte) (any, error) {
	return fmt.Sprintf("%s/%d", payload, version), r.did("decode %s", payload)
}

func (r *recorder) RestoreCheckpoint(_ context.Context, id int64, state any) error {
	return r.did("restore %d %v", id, state)
}

func (r *recorder) Reset(context.Context) error { return r.did("reset") }
func (r *recorder) Close() error                { return r.did("close") }

func (r *recorder) did(format string, args ...any) error {
	call := fmt.Sprintf(format, args...)
	*r.log = append(*r.log, r.name+": "+call)
	if call == r.fails {
		return errBroken
	}
	return nil
}

func hooks(t *testing.T, log *[]string, names ...string) *masterhook.Hooks {
	t.Helper()
	var h masterhook.Hooks
	for _, name := range names {
		if err := h.Add(&recorder{name: name, log: log}); err != nil {
			t.Fatal(err)
		}
	}
	return &h
}

func states(names ...string) []checkpoint.MasterState {
	var states []checkpoint.MasterState
	for i, name := range names {
		states = append(states, checkpoint.MasterState{Name: name, Version: int32(i + 1), Payload: []byte("of " + name)})
	}
	return states
}

func TestRestore(t *testing.T) {
	for _, c := range []struct {
		name   string
		hooks  []string
		states []string
		allow  bool
		calls  []string
		want   masterhook.Restored
		err    error
	}{
		{
			name: "states first and in their order, decoded before any call, then the rest with nothing", hooks: []string{"a", "b", "c"}, states: []string{"c", "a"},
			calls: []string{"c: decode of c", "a: decode of a", "c: restore 42 of c/1", "a: restore 42 of a/2", "b: restore 42 <nil>"},
			want:  masterhook.Restored{Hooks: []string{"c", "a", "b"}},
		},
		{name: "no states: no hook is called", hooks: []string{"a"}},
		{name: "no hooks: unmatched states are no error", states: []string{"a"}},
		{name: "one unrelated hook makes them one", hooks: []string{"b"}, states: []string{"a"}, err: masterhook.ErrUnmatchedState},
		{
			name: "unless that is allowed", hooks: []string{"b"}, states: []string{"a"}, allow: true,
			calls: []string{"b: restore 42 <nil>"},
			want:  masterhook.Restored{Hooks: []string{"b"}, Dropped: []string{"a"}},
		},
		{
			name: "a second state of one name has no hook left", hooks: []string{"a"}, states: []string{"a", "a"},
			calls: []string{"a: decode of a"}, err: masterhook.ErrUnmatchedState,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var calls []string
			got, err := hooks(t, &calls, c.hooks...).Restore(t.Context(), states(c.states...), 42, c.allow)
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.calls, calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRestoreFails(t *testing.T) {
	for name, c := range map[string]struct {
		fails string
		calls []string
	}{
		"decoding: nobody is called": {"decode of b", []string{"a: decode of a", "b: decode of b"}},
		"restoring: it ends there": {"restore 42 of b/2", []string{
			"a: decode of a", "b: decode of b", "a: restore 42 of a/1", "b: restore 42 of b/2"}},
	} {
		t.Run(name, func(t *testing.T) {
			var calls []string
			h := hooks(t, &calls, "a")
			for _, hook := range []*recorder{{name: "b", log: &calls, fails: c.fails}, {name: "c", log: &calls}} {
				if err := h.Add(hook); err != nil {
					t.Fatal(err)
				}
			}
			_, err := h.Restore(t.Context(), states("a", "b"), 42, false)
			if !errors.Is(err, errBroken) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(c.calls, calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResetAndCloseReachEveryHook(t *testing.T) {
	for verb, call := range map[string]func(*masterhook.Hooks) error{
		"reset": func(h *masterhook.Hooks) error { return h.Reset(t.Context()) },
		"close": (*masterhook.Hooks).Close,
	} {
		var calls []string
		var h masterhook.Hooks
		for _, hook := range []*recorder{{name: "a", log: &calls, fails: verb}, {name: "b", log: &calls}} {
			if err := h.Add(hook); err != nil {
				t.Fatal(err)
			}
		}
		if err := call(&h); !errors.Is(err, errBroken) {
			t.Errorf("%s: error %v", verb, err)
		}
		if diff := cmp.Diff([]string{"a: " + verb, "b: " + verb}, calls); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
		if closed := verb == "close"; closed != (h.Len() == 0) {
			t.Errorf("%s: %d hooks are left", verb, h.Len())
		}
	}
}

func TestAddRefuses(t *testing.T) {
	var calls []string
	h := hooks(t, &calls, "a")
	for _, name := range []string{"", "a"} {
		if err := h.Add(&recorder{name: name}); err == nil {
			t.Errorf("Add of %q: no error", name)
		}
	}
}
