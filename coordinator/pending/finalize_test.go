package pending_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/pending"
	"github.com/cairnstate/cairn/task"
)

// What a restore needs is all there: names, parallelisms, each subtask in its place,
// coordinators, hooks, properties. Who has nothing to say is not mentioned.
func TestFinalize(t *testing.T) {
	j := jobOf(t, vertex(3, "a", "b"), vertex(1, "c")).WithMaxParallelism([]int32{64, 256})
	c := pending.New(7, time.Unix(100, 0), planOf(t, j, "RRR", "R"), j,
		[]checkpoint.OperatorID{id("a"), id("c")}, []string{"first", "second", "third"}, properties)
	a2, b0, b2 := keyed("a2"), keyed("b0"), keyed("b2")
	acknowledge(t, c, attempt(j, 0, 2), snapshot(map[string]*checkpoint.OperatorSubtaskState{"a": a2, "b": b2}))
	acknowledge(t, c, attempt(j, 0, 1), nil)
	acknowledge(t, c, attempt(j, 1, 0), snapshot(nil))
	acknowledge(t, c, attempt(j, 0, 0), snapshot(map[string]*checkpoint.OperatorSubtaskState{"b": b0, "not of this task": keyed("x")}))
	c.AcknowledgeHook("third", &checkpoint.MasterState{Name: "third", Version: 3, Payload: []byte("x")})
	c.AcknowledgeHook("second", nil)
	c.AcknowledgeHook("first", &checkpoint.MasterState{Name: "first", Version: 1})
	c.AcknowledgeCoordinator(id("c"), nil)
	c.AcknowledgeCoordinator(id("a"), []byte("splits"))

	got, err := c.Finalize()
	if err != nil {
		t.Fatal(err)
	}
	want := &checkpoint.Metadata{
		CheckpointID: 7,
		Properties:   &properties,
		MasterStates: []checkpoint.MasterState{{Name: "first", Version: 1}, {Name: "third", Version: 3, Payload: []byte("x")}},
		Operators: []checkpoint.OperatorState{
			{ID: id("a"), Name: "the a", UID: "a", Parallelism: 3, MaxParallelism: 64,
				Coordinator: &checkpoint.ByteStreamStateHandle{HandleName: id("a").String(), Data: []byte("splits")},
				Subtasks:    []checkpoint.SubtaskState{{Index: 2, State: a2}}},
			{ID: id("b"), Name: "the b", UID: "b", Parallelism: 3, MaxParallelism: 64,
				Subtasks: []checkpoint.SubtaskState{{Index: 0, State: b0}, {Index: 2, State: b2}}},
			{ID: id("c"), Name: "the c", UID: "c", Parallelism: 1, MaxParallelism: 256},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A coordinator whose state is empty has state: it is told so on restore.
func TestEmptyCoordinatorState(t *testing.T) {
	j := jobOf(t, vertex(1, "a"))
	c := pending.New(7, time.Unix(100, 0), planOf(t, j, "R"), j, []checkpoint.OperatorID{id("a")}, nil, properties)
	acknowledge(t, c, attempt(j, 0, 0), nil)
	c.AcknowledgeCoordinator(id("a"), []byte{})
	m, err := c.Finalize()
	if err != nil || m.Operators[0].Coordinator == nil {
		t.Errorf("%+v, %v", m, err)
	}
}

// There is no metadata before all have answered.
func TestFinalizeTooEarly(t *testing.T) {
	j := jobOf(t, vertex(2, "a"))
	c := begin(t, j, "RR")
	acknowledge(t, c, attempt(j, 0, 0), nil)
	if m, err := c.Finalize(); m != nil || !errors.Is(err, &checkpoint.Failure{Reason: checkpoint.FinalizeCheckpointFailure}) {
		t.Errorf("%v, %v", m, err)
	}
}

// Finalizing twice gives two contents that share nothing that would be changed.
func TestFinalizeTwice(t *testing.T) {
	j := jobOf(t, vertex(1, "a"))
	c := begin(t, j, "R")
	acknowledge(t, c, attempt(j, 0, 0), nil)
	first, _ := c.Finalize()
	first.Properties.Unclaimed = true
	first.Operators[0].Name = "changed"
	second, err := c.Finalize()
	if err != nil || second.Properties.Unclaimed || second.Operators[0].Name != "the a" {
		t.Errorf("%+v, %v", second, err)
	}
}

// ended makes a checkpoint of a vertex "a" of subtasks in these states, and one "b"
// behind it, and has all who run acknowledge it with these snapshots.
func ended(t *testing.T, states string, snapshots ...*task.Snapshot) (*checkpoint.Metadata, error) {
	t.Helper()
	j := jobOf(t, vertex(int32(len(states)), "a", "tail"), vertex(1, "b"))
	p := planOf(t, j, states, "R")
	c := pending.New(7, time.Unix(100, 0), p, j, []checkpoint.OperatorID{id("a")}, nil, properties)
	c.AcknowledgeCoordinator(id("a"), []byte("splits"))
	acknowledge(t, c, attempt(j, 1, 0), nil)
	for subtask, letter := range states {
		if letter == 'R' {
			acknowledge(t, c, attempt(j, 0, int32(subtask)), snapshots[0])
			snapshots = snapshots[1:]
		}
	}
	return c.Finalize()
}

// A vertex of which a part has finished: a mark for each subtask that has, in all
// operators of the chain, between the states of the others.
func TestPartlyFinished(t *testing.T) {
	state := keyed("x")
	m, err := ended(t, "FRF", snapshot(map[string]*checkpoint.OperatorSubtaskState{"a": state}))
	if err != nil {
		t.Fatal(err)
	}
	want := []checkpoint.SubtaskState{{Index: 0, Finished: true}, {Index: 1, State: state}, {Index: 2, Finished: true}}
	if diff := cmp.Diff(want, m.Operators[0].Subtasks); diff != "" || m.Operators[0].FullyFinished || m.Operators[0].Coordinator == nil {
		t.Errorf("head (-want +got):\n%s%+v", diff, m.Operators[0])
	}
	want = []checkpoint.SubtaskState{{Index: 0, Finished: true}, {Index: 2, Finished: true}}
	if diff := cmp.Diff(want, m.Operators[1].Subtasks); diff != "" {
		t.Errorf("tail (-want +got):\n%s", diff)
	}
}

// A vertex that has finished, or was restored as finished, is marked as a whole: it
// starts at no subtask, and needs no coordinator.
func TestFullyFinished(t *testing.T) {
	restored := &task.Snapshot{TaskDeployedAsFinished: true}
	for name, test := range map[string]struct {
		states    string
		snapshots []*task.Snapshot
	}{
		"has finished":                        {"FF", nil},
		"was restored as finished":            {"RR", []*task.Snapshot{restored, restored}},
		"was restored, and a part has ended":  {"FR", []*task.Snapshot{restored}},
		"was restored, and one says no more":  {"RR", []*task.Snapshot{restored, nil}},
		"was restored, and is empty in words": {"RR", []*task.Snapshot{restored, snapshot(nil)}},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := ended(t, test.states, test.snapshots...)
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range m.Operators[:2] {
				if !op.FullyFinished || len(op.Subtasks) > 0 || op.Coordinator != nil || op.Parallelism != 2 || op.UID == "" {
					t.Errorf("%+v", op)
				}
			}
			if m.Operators[2].FullyFinished {
				t.Errorf("%+v", m.Operators[2])
			}
		})
	}
}

// Some say that they finished before they ran, another has state: somebody is wrong,
// and a checkpoint that believes one of them loses state.
func TestFinishedWithState(t *testing.T) {
	m, err := ended(t, "RR", &task.Snapshot{TaskDeployedAsFinished: true}, snapshot(map[string]*checkpoint.OperatorSubtaskState{"tail": keyed("x")}))
	if m != nil || !errors.Is(err, &checkpoint.Failure{Reason: checkpoint.FinalizeCheckpointFailure}) {
		t.Errorf("%v, %v", m, err)
	}
}

// Union state of a vertex needs the part of every subtask. Those that have finished
// have none, and so a checkpoint in between would lose theirs.
func TestUnionState(t *testing.T) {
	has := func(state *checkpoint.OperatorSubtaskState, closing bool) *task.Snapshot {
		s := snapshot(map[string]*checkpoint.OperatorSubtaskState{"tail": state})
		s.TaskFinished = closing
		return s
	}
	union := &checkpoint.OperatorSubtaskState{ManagedOperatorState: list(checkpoint.Union)}
	raw := &checkpoint.OperatorSubtaskState{RawOperatorState: list(checkpoint.Union)}
	split := &checkpoint.OperatorSubtaskState{ManagedOperatorState: list(checkpoint.SplitDistribute), RawOperatorState: list(checkpoint.Broadcast)}
	for name, test := range map[string]struct {
		states    string
		snapshots []*task.Snapshot
		refused   bool
	}{
		"all run":                               {"RR", []*task.Snapshot{has(union, false), has(union, false)}, false},
		"one has finished":                      {"FR", []*task.Snapshot{has(union, false)}, true},
		"one has finished, raw state":           {"FR", []*task.Snapshot{has(raw, false)}, true},
		"one has finished, no union":            {"FR", []*task.Snapshot{has(split, false)}, false},
		"one is closing":                        {"RR", []*task.Snapshot{has(union, true), has(union, false)}, true},
		"one is closing, which has no state":    {"RR", []*task.Snapshot{has(nil, true), has(union, false)}, true},
		"one is closing, no union":              {"RR", []*task.Snapshot{has(split, true), has(split, false)}, false},
		"all are closing":                       {"RR", []*task.Snapshot{has(union, true), has(union, true)}, false},
		"one has finished, the rest is closing": {"FR", []*task.Snapshot{has(union, true)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ended(t, test.states, test.snapshots...)
			if got := errors.Is(err, &checkpoint.Failure{Reason: checkpoint.DeclinedTaskClosing}); got != test.refused || !got && err != nil {
				t.Errorf("refused: %v, want %v (%v)", got, test.refused, err)
			}
		})
	}
}

// Where checkpoints end with the first task that finishes, nothing is marked: a task
// that says it is finished is one that was quick.
func TestNothingFinishesUnlessItMay(t *testing.T) {
	j := jobOf(t, vertex(2, "a"))
	p := planOf(t, j, "RR")
	p.MayHaveFinished = false
	c := pending.New(7, time.Unix(100, 0), p, j, nil, nil, properties)
	closing := snapshot(map[string]*checkpoint.OperatorSubtaskState{"a": {ManagedOperatorState: list(checkpoint.Union)}})
	closing.TaskFinished = true
	acknowledge(t, c, attempt(j, 0, 0), closing)
	acknowledge(t, c, attempt(j, 0, 1), &task.Snapshot{TaskDeployedAsFinished: true})
	m, err := c.Finalize()
	if err != nil || m.Operators[0].FullyFinished || len(m.Operators[0].Subtasks) != 1 {
		t.Errorf("%+v, %v", m, err)
	}
}
