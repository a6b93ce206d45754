package restore_test

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// A counter with two subtasks is restored into three.
func Example() {
	id := checkpoint.OperatorIDFromUID("count")
	md := &checkpoint.Metadata{CheckpointID: 42, Operators: []checkpoint.OperatorState{{
		ID: id, Parallelism: 2, MaxParallelism: 8,
		Subtasks: []checkpoint.SubtaskState{
			{Index: 0, State: state(0, 3)},
			{Index: 1, State: state(4, 7)},
		},
	}}}
	j, err := job.New(job.Vertex{Name: "count", Parallelism: 3, Operators: []job.Operator{{ID: id, UID: "count"}}})
	if err != nil {
		fmt.Println(err)
		return
	}

	valid, err := restore.Validate(md, j, false)
	if err != nil {
		fmt.Println(err)
		return
	}
	assignment, err := restore.Assign(md.CheckpointID, j, valid.Metadata.Operators, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for task := range assignment.Vertices[0].Subtasks() {
		fmt.Println("subtask", task.Subtask, "owns", task.KeyGroups)
		for _, h := range task.Operators[0].ManagedKeyedState {
			full := h.(*checkpoint.KeyGroupsStateHandle)
			fmt.Println("  reads", full.Range, "at", full.Offsets)
		}
	}
	// Output:
	// subtask 0 owns [0, 2]
	//   reads [0, 2] at [0 10 20]
	// subtask 1 owns [3, 5]
	//   reads [3, 3] at [30]
	//   reads [4, 5] at [40 50]
	// subtask 2 owns [6, 7]
	//   reads [6, 7] at [60 70]
}

// A job with another max parallelism is refused, and told what to do.
func ExampleValidate() {
	id := checkpoint.OperatorIDFromUID("count")
	md := &checkpoint.Metadata{Operators: []checkpoint.OperatorState{{
		ID: id, Parallelism: 2, MaxParallelism: 8, Subtasks: []checkpoint.SubtaskState{{State: state(0, 3)}},
	}}}
	j, err := job.New(job.Vertex{Name: "count", Parallelism: 3, MaxParallelism: 128, Operators: []job.Operator{{ID: id}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = restore.Validate(md, j, false)
	fmt.Println(err)
	// Output:
	// restore: max parallelism mismatch: vertex count: operator b71731f1c0df9c3076c4a455334d0ad6: the checkpoint was taken with max parallelism 8, the job sets 128; set the max parallelism to 8, or leave it unset to take over the checkpoint's
}

func state(first, last int32) *checkpoint.OperatorSubtaskState {
	h := &checkpoint.KeyGroupsStateHandle{
		Range:    checkpoint.KeyGroups(first, last),
		Delegate: &checkpoint.FileStateHandle{Path: "file:/savepoint/count", Size: 1000},
	}
	for keyGroup := first; keyGroup <= last; keyGroup++ {
		h.Offsets = append(h.Offsets, int64(keyGroup)*10)
	}
	return &checkpoint.OperatorSubtaskState{ManagedKeyedState: h}
}
