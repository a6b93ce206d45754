package restore

import (
	"errors"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
)

// ended returns an operator that is running, partly or fully finished.
func ended(uid, how string) checkpoint.OperatorState {
	op := operator(uid, 2, 128, nil)
	switch how {
	case "fully":
		op.FullyFinished = true
	case "partly":
		op.Subtasks = []checkpoint.SubtaskState{{Index: 0, Finished: true}, {Index: 1}}
	case "running":
		op.Subtasks = []checkpoint.SubtaskState{{Index: 0}, {Index: 1}}
	}
	return op
}

func TestCheckFinished(t *testing.T) {
	const (
		all  = "hash"
		some = "forward"
	)
	for _, test := range []struct {
		producer, partitioner, consumer string
		ok                              bool
	}{
		{"running", all, "running", true},
		{"partly", all, "running", true},
		{"fully", all, "running", true},
		{"fully", all, "partly", true},
		{"partly", all, "partly", false},
		{"running", all, "partly", false},
		{"fully", some, "partly", true},
		{"partly", some, "partly", true},
		{"running", some, "partly", false},
		{"fully", all, "fully", true},
		{"fully", some, "fully", true},
		{"partly", some, "fully", false},
		{"running", some, "fully", false},
		{"nothing", some, "fully", false}, // a new vertex before finished ones
		{"nothing", some, "nothing", true},
	} {
		t.Run(strings.Join([]string{test.producer, test.partitioner, test.consumer}, " "), func(t *testing.T) {
			j := newJob(t, vertex("b", 2, 0, input(t, 1, test.partitioner)), vertex("a", 2, 0))
			err := CheckFinished(j, []checkpoint.OperatorState{ended("a", test.producer), ended("b", test.consumer)})
			if test.ok && err != nil || !test.ok && !errors.Is(err, ErrFinishedState) {
				t.Errorf("error is %v, want ok %v", err, test.ok)
			}
		})
	}
}

// Of several edges between two vertices, ALL_TO_ALL is the one that counts.
func TestCheckFinishedTakesStricterEdge(t *testing.T) {
	j := newJob(t, vertex("a", 2, 0), vertex("b", 2, 0, input(t, 0, "forward"), input(t, 0, "hash")))
	err := CheckFinished(j, []checkpoint.OperatorState{ended("a", "partly"), ended("b", "partly")})
	if !errors.Is(err, ErrFinishedState) {
		t.Errorf("error is %v, want ErrFinishedState", err)
	}
}

func TestCheckFinishedChains(t *testing.T) {
	j := newJob(t, vertex("a,b", 2, 0))
	for _, test := range []struct {
		head, tail string
		ok         bool
	}{
		{"fully", "fully", true},
		{"partly", "partly", true},
		{"fully", "partly", false},
		{"fully", "nothing", false}, // an operator added to a finished chain
		{"running", "nothing", true},
	} {
		err := CheckFinished(j, []checkpoint.OperatorState{ended("a", test.head), ended("b", test.tail)})
		if test.ok && err != nil || !test.ok && !errors.Is(err, ErrFinishedState) {
			t.Errorf("%s, %s: error is %v, want ok %v", test.head, test.tail, err, test.ok)
		}
	}
}

// The state under the user-defined id counts, if there is any.
func TestCheckFinishedFindsUserDefinedIDs(t *testing.T) {
	v := vertex("a", 2, 0)
	hash := checkpoint.OperatorIDFromUID("old")
	v.Operators[0].UserDefined = &hash
	j := newJob(t, v, vertex("b", 2, 0, input(t, 0, "hash")))
	states := []checkpoint.OperatorState{ended("a", "running"), ended("old", "fully"), ended("b", "fully")}
	if err := CheckFinished(j, states); err != nil {
		t.Error(err)
	}
	if err := CheckFinished(j, states[:1:1]); err != nil {
		t.Error(err)
	}
	if err := CheckFinished(j, []checkpoint.OperatorState{states[0], states[2]}); !errors.Is(err, ErrFinishedState) {
		t.Errorf("error is %v, want ErrFinishedState", err)
	}
}

func TestAssignFinished(t *testing.T) {
	a := assign(t, newJob(t, vertex("a,b", 3, 0)), ended("a", "fully"), ended("b", "fully"))
	v := &a.Vertices[0]
	if !v.FinishedOnRestore || !v.Restored || !v.Subtask(2).FinishedOnRestore {
		t.Errorf("vertex: %+v", v)
	}
	_, err := Assign(7, newJob(t, vertex("a,b", 3, 0)), []checkpoint.OperatorState{ended("a", "fully")}, nil)
	if !errors.Is(err, ErrFinishedState) {
		t.Errorf("a chain that had finished in part: error is %v, want ErrFinishedState", err)
	}
	// Finished subtasks have no state, but the vertex is restored.
	a = assign(t, newJob(t, vertex("a", 3, 0)), ended("a", "partly"))
	if v := &a.Vertices[0]; v.FinishedOnRestore || !v.Restored {
		t.Errorf("vertex: %+v", v)
	}
}
