package cluster

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// small is an operator of two subtasks, each with a list of three elements, union
// and broadcast state and raw state, and what three subtasks get of it.
func small(t *testing.T) ([]checkpoint.OperatorState, *restore.Assignment) {
	t.Helper()
	op := checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID("a"), Parallelism: 2, MaxParallelism: 8}
	for i := range int32(2) {
		delegate := &checkpoint.FileStateHandle{Path: string(rune('x' + i)), Size: 9}
		op.Subtasks = append(op.Subtasks, checkpoint.SubtaskState{Index: i, State: &checkpoint.OperatorSubtaskState{
			ManagedOperatorState: &checkpoint.OperatorStreamStateHandle{Delegate: delegate, States: []checkpoint.OperatorStatePartitions{
				{Name: "list-with-three", Offsets: []int64{0, 3, 6}},
				{Name: "union-of-all", Mode: checkpoint.Union, Offsets: []int64{9}},
				{Name: "rules", Mode: checkpoint.Broadcast, Offsets: []int64{12}},
			}},
			RawOperatorState: &checkpoint.OperatorStreamStateHandle{Delegate: delegate, States: []checkpoint.OperatorStatePartitions{
				{Name: "_default_", Offsets: []int64{0, 1, 2}},
			}},
			RawKeyedState: &checkpoint.KeyGroupsStateHandle{
				Range: checkpoint.KeyGroups(4*i, 4*i+3), Offsets: make([]int64, 4), Delegate: delegate,
			},
		}})
	}
	j, err := job.New(job.Vertex{Parallelism: 3, Operators: []job.Operator{{ID: op.ID}}})
	if err != nil {
		t.Fatal(err)
	}
	operators := []checkpoint.OperatorState{op}
	a, err := restore.Assign(1, j, operators, nil)
	if err != nil {
		t.Fatal(err)
	}
	return operators, a
}

func TestLists(t *testing.T) {
	operators, a := small(t)
	op := operators[0].ID.String()
	want := []string{
		"0/0 " + op + " broadcast rules",
		"0/0 " + op + " list list-with-three: 2 entry 0 of subtask 0|entry 1 of subtask 0",
		"0/0 " + op + " list union-of-all: 2 known to all, from subtask 0|known to all, from subtask 1",
		"0/1 " + op + " broadcast rules",
		"0/1 " + op + " list list-with-three: 2 entry 0 of subtask 1|entry 2 of subtask 0",
		"0/1 " + op + " list union-of-all: 2 known to all, from subtask 0|known to all, from subtask 1",
		"0/2 " + op + " broadcast rules",
		"0/2 " + op + " list list-with-three: 2 entry 1 of subtask 1|entry 2 of subtask 1",
		"0/2 " + op + " list union-of-all: 2 known to all, from subtask 0|known to all, from subtask 1",
	}
	if diff := cmp.Diff(want, Lists(operators, a)); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
}

func TestWithoutKeys(t *testing.T) {
	r := Restored{Held: []string{"0/0 a list l: 1 x", "0/0 a keys: 1@2", "0/0 a timers: 1", "0/0 a broadcast b: 2 |"}}
	if got, want := r.WithoutKeys(), []string{"0/0 a broadcast b", "0/0 a list l: 1 x"}; !slices.Equal(got, want) {
		t.Errorf("without keys it holds %q, want %q", got, want)
	}
}

func TestRawOf(t *testing.T) {
	_, a := small(t)
	want := map[string]int{
		"raw partition": 6, "raw partition of subtask 0": 2, "raw partition of subtask 1": 2, "raw partition of subtask 2": 2,
		"raw key group": 8, "raw key group of subtask 0": 3, "raw key group of subtask 1": 3, "raw key group of subtask 2": 2,
	}
	if diff := cmp.Diff(want, RawOf(a)); diff != "" {
		t.Errorf("raw state (-want +got):\n%s", diff)
	}
}

// TestKeys has subtasks hold what they must not: a key of another, one of another's
// too, and one without its timer.
func TestKeys(t *testing.T) {
	_, a := small(t) // key groups 0 to 2, 3 to 5, 6 and 7
	for name, test := range map[string]struct {
		held []string
		ok   bool
	}{
		"its own":       {[]string{"0/0 a keys: 10@0 11@2", "0/0 a timers: 2", "0/2 a keys: 12@7", "0/2 a timers: 1"}, true},
		"another's":     {[]string{"0/1 a keys: 10@2"}, false},
		"twice":         {[]string{"0/0 a keys: 10@1", "0/1 a keys: 10@1"}, false},
		"without timer": {[]string{"0/0 a keys: 10@1 11@2", "0/0 a timers: 1"}, false},
	} {
		keys, err := (&Restored{Held: test.held}).Keys(a)
		if (err == nil) != test.ok || test.ok && len(keys) != 3 {
			t.Errorf("%s: %d keys, error %v", name, len(keys), err)
		}
	}
}
