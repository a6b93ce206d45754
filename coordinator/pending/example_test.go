package pending_test

import (
	"fmt"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/pending"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// A checkpoint of a single subtask, which answers twice.
func Example() {
	op := checkpoint.OperatorIDFromUID("count")
	j, err := job.New(job.Vertex{Name: "count", Parallelism: 1, Operators: []job.Operator{{ID: op, UID: "count"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	attempt := task.ExecutionAttempt{Vertex: j.Vertex(0).ID}
	p := &plan.Plan{Wait: []plan.Execution{{Attempt: attempt, State: task.Running}}}
	c := pending.New(7, time.Unix(0, 0), p, j, nil, nil, checkpoint.CheckpointProperties(checkpoint.RetainOnFailure))

	snapshot := &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{op: {}}}
	fmt.Println(c.AcknowledgeTask(attempt, snapshot), c.AcknowledgeTask(attempt, snapshot), c.FullyAcknowledged())
	metadata, err := c.Finalize()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(metadata.CheckpointID, metadata.Operators[0].UID, len(metadata.Operators[0].Subtasks))
	// Output:
	// SUCCESS DUPLICATE true
	// 7 count 1
}
