package verdict_test

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
)

func Example() {
	id := checkpoint.OperatorIDFromUID("counts")
	file := &metadata.File{Version: metadata.CurrentVersion}
	file.Operators = []checkpoint.OperatorState{{ID: id, Parallelism: 1, MaxParallelism: 4, Subtasks: []checkpoint.SubtaskState{{
		State: &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
			Range:    checkpoint.KeyGroups(0, 3),
			Offsets:  []int64{0, 10, 20, 30},
			Delegate: &checkpoint.FileStateHandle{Path: "file:/chk/1", Size: 40},
		}},
	}}}}
	lines, err := verdict.Of(&verdict.Case{
		Checkpoint: file,
		Vertices:   []job.Vertex{{Parallelism: 2, Operators: []job.Operator{{ID: id}}}},
	})
	if err != nil {
		fmt.Println(err)
	}
	for _, line := range lines {
		fmt.Println(line)
	}
	// Output:
	// 0/0: restored, max parallelism 4
	// 0/0 7968152a5bbe1581827fbee6788b6bd1 managed keyed state: full[0,1][0 10]@file:/chk/1
	// 0/1: restored, max parallelism 4
	// 0/1 7968152a5bbe1581827fbee6788b6bd1 managed keyed state: full[2,3][20 30]@file:/chk/1
}
