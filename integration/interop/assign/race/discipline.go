package main

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
)

// discipline is a job that is restored at another parallelism.
type discipline struct {
	name   string
	warmUp int // rounds before it counts; Flink needs seconds for one of the large ones
	make   func() *verdict.Case
}

// disciplines, the one that Flink warms up on first.
var disciplines = []discipline{
	{"keyed 1000 to 1500 of 32768 key groups", 15, func() *verdict.Case { return keyed(1000, 1500) }},
	{"keyed 4096 to 8192 of 32768 key groups", 2, func() *verdict.Case { return keyed(4096, 8192) }},
	{"union 2000 x 2000 offsets to 2000", 3, func() *verdict.Case { return union(2000, 2000) }},
	{"50 operators x 1000 to 1500, 1,000,000 handles", 2, manyOperators},
}

// largest is the highest max parallelism there is.
const largest = checkpoint.UpperBoundMaxParallelism

func newCase() *verdict.Case {
	return &verdict.Case{Checkpoint: &metadata.File{Version: metadata.CurrentVersion}}
}

// add adds an operator with state, and a vertex for it.
func add(c *verdict.Case, uid string, from, to, maxParallelism int32, state func(subtask int32) *checkpoint.OperatorSubtaskState) {
	id := checkpoint.OperatorIDFromUID(uid)
	op := checkpoint.OperatorState{ID: id, Parallelism: from, MaxParallelism: maxParallelism}
	for i := range from {
		op.Subtasks = append(op.Subtasks, checkpoint.SubtaskState{Index: i, State: state(i)})
	}
	c.Checkpoint.Operators = append(c.Checkpoint.Operators, op)
	c.Vertices = append(c.Vertices, job.Vertex{
		ID: checkpoint.JobVertexID(id), Parallelism: to, MaxParallelism: maxParallelism, Operators: []job.Operator{{ID: id, UID: uid}},
	})
}

func file(format string, args ...any) checkpoint.StreamStateHandle {
	return &checkpoint.FileStateHandle{Path: "file:/t/" + fmt.Sprintf(format, args...), Size: 100}
}

func keyed(from, to int32) *verdict.Case {
	c := newCase()
	add(c, "keyed", from, to, largest, func(i int32) *checkpoint.OperatorSubtaskState {
		r := checkpoint.KeyGroupRangeForSubtask(i, largest, from)
		return &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
			Range: r, Offsets: make([]int64, r.Count), Delegate: file("%d", i), HandleID: "full",
		}}
	})
	return c
}

func union(subtasks int32, offsets int) *verdict.Case {
	c := newCase()
	add(c, "union", subtasks, subtasks, largest, func(i int32) *checkpoint.OperatorSubtaskState {
		list := checkpoint.OperatorStatePartitions{Name: "offsets", Mode: checkpoint.Union, Offsets: make([]int64, offsets)}
		return &checkpoint.OperatorSubtaskState{ManagedOperatorState: &checkpoint.OperatorStreamStateHandle{
			States: []checkpoint.OperatorStatePartitions{list}, Delegate: file("%d", i),
		}}
	})
	return c
}

// manyOperators have 20 handles in each subtask.
func manyOperators() *verdict.Case {
	c := newCase()
	for op := range 50 {
		uid := fmt.Sprintf("operator %d", op)
		add(c, uid, 1000, 1500, 2048, func(i int32) *checkpoint.OperatorSubtaskState {
			h := &checkpoint.IncrementalRemoteKeyedStateHandle{
				Range: checkpoint.KeyGroupRangeForSubtask(i, 2048, 1000), CheckpointedSize: -1, HandleID: "incremental",
				BackendID: "3f2c8b4e-0000-0000-0000-000000000001", MetaState: file("%d/%d/meta", op, i),
			}
			for k := range 18 {
				h.SharedState = append(h.SharedState, checkpoint.HandleAndLocalPath{
					LocalPath: fmt.Sprintf("%06d.sst", k), Handle: file("%d/%d/%d", op, i, k),
				})
			}
			split := checkpoint.OperatorStatePartitions{Name: "split", Offsets: []int64{0, 1, 2, 3}}
			return &checkpoint.OperatorSubtaskState{
				ManagedKeyedState: h,
				ManagedOperatorState: &checkpoint.OperatorStreamStateHandle{
					States: []checkpoint.OperatorStatePartitions{split}, Delegate: file("%d/%d/operator", op, i),
				},
			}
		})
	}
	return c
}
