package restore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// The fixtures of this package's tests: small values by short names.

func stateFile(format string, args ...any) checkpoint.StreamStateHandle {
	return &checkpoint.FileStateHandle{Path: fmt.Sprintf(format, args...), Size: 100}
}

// offsets returns n offsets that are told apart from those of other names and
// subtasks by what they begin with.
func offsets(base, n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(base*1000 + i)
	}
	return list
}

func list(name string, mode checkpoint.OperatorStateMode, offsets ...int64) checkpoint.OperatorStatePartitions {
	return checkpoint.OperatorStatePartitions{Name: name, Mode: mode, Offsets: offsets}
}

func lists(delegate checkpoint.StreamStateHandle, states ...checkpoint.OperatorStatePartitions) *checkpoint.OperatorStreamStateHandle {
	return &checkpoint.OperatorStreamStateHandle{States: states, Delegate: delegate}
}

// keyGroups returns a full snapshot of a range, with offsets of its own.
func keyGroups(first, last int32) *checkpoint.KeyGroupsStateHandle {
	h := &checkpoint.KeyGroupsStateHandle{
		Range:    checkpoint.KeyGroups(first, last),
		Delegate: stateFile("kg-%d-%d", first, last),
		HandleID: fmt.Sprintf("full-%d", first),
	}
	for keyGroup := first; keyGroup <= last; keyGroup++ {
		h.Offsets = append(h.Offsets, int64(keyGroup)*10)
	}
	return h
}

// operator returns the state of an operator with a uid, and has fill give state
// to each of its subtasks.
func operator(uid string, parallelism, maxParallelism int32, fill func(i int32) *checkpoint.OperatorSubtaskState) checkpoint.OperatorState {
	op := checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID(uid), UID: uid, Parallelism: parallelism, MaxParallelism: maxParallelism}
	for i := range parallelism {
		if fill == nil {
			break
		}
		if s := fill(i); s != nil {
			op.Subtasks = append(op.Subtasks, checkpoint.SubtaskState{Index: i, State: s})
		}
	}
	return op
}

// keyed returns an operator with full keyed state in each subtask.
func keyed(uid string, parallelism, maxParallelism int32) checkpoint.OperatorState {
	return operator(uid, parallelism, maxParallelism, func(i int32) *checkpoint.OperatorSubtaskState {
		r := checkpoint.KeyGroupRangeForSubtask(i, maxParallelism, parallelism)
		return &checkpoint.OperatorSubtaskState{ManagedKeyedState: keyGroups(r.Start, r.Last())}
	})
}

// vertex returns a vertex with a chain of operators, by uid, head first.
func vertex(uids string, parallelism, maxParallelism int32, inputs ...job.Input) job.Vertex {
	v := job.Vertex{Name: uids, Parallelism: parallelism, MaxParallelism: maxParallelism, Inputs: inputs}
	for uid := range strings.SplitSeq(uids, ",") {
		v.Operators = append(v.Operators, job.Operator{ID: checkpoint.OperatorIDFromUID(uid), UID: uid})
	}
	return v
}

func newJob(t testing.TB, vertices ...job.Vertex) *job.Job {
	t.Helper()
	j, err := job.New(vertices...)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func input(t testing.TB, from int, partitioner string) job.Input {
	t.Helper()
	p, ok := job.PartitionerNamed(partitioner)
	if !ok {
		t.Fatalf("no partitioner %s", partitioner)
	}
	return p.Input(from)
}

func assign(t testing.TB, j *job.Job, operators ...checkpoint.OperatorState) *Assignment {
	t.Helper()
	a, err := Assign(7, j, operators, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// old lays the subtasks of an operator out by index.
func old(op checkpoint.OperatorState) []*checkpoint.OperatorSubtaskState {
	return newOperatorTask(&op).old
}

// printHandles writes operator state handles as tests want to read them:
// file{name:offset offset, name:…}.
func printHandles(handles OperatorStateHandles) string {
	var b strings.Builder
	for h := range handles.All() {
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(pathOf(h.DelegateState()) + "{")
		for i, meta := range h.Partitions() {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%s:%s", meta.Name, strings.Trim(fmt.Sprint(meta.Offsets), "[]"))
		}
		b.WriteString("}")
	}
	return b.String()
}

func pathOf(h checkpoint.StreamStateHandle) string {
	if f, ok := h.(*checkpoint.FileStateHandle); ok {
		return f.Path
	}
	return fmt.Sprintf("%T", h)
}

// printKeyed writes keyed handles as kind[first, last]@file.
func printKeyed(handles []checkpoint.KeyedStateHandle) string {
	var parts []string
	for _, h := range handles {
		switch h := h.(type) {
		case *checkpoint.KeyGroupsStateHandle:
			parts = append(parts, fmt.Sprintf("%s@%s", h.Range, pathOf(h.Delegate)))
		default:
			parts = append(parts, fmt.Sprintf("%T%s", h, h.KeyGroups()))
		}
	}
	return strings.Join(parts, " ")
}
