package plan_test

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// One of two sources has finished, so the barrier has to be sent to the map behind it.
func Example() {
	forward, _ := job.PartitionerNamed("forward")
	j, err := job.New(
		job.Vertex{Name: "source", Parallelism: 2, Operators: []job.Operator{{ID: checkpoint.OperatorIDFromUID("source")}}},
		job.Vertex{Name: "map", Parallelism: 2, Operators: []job.Operator{{ID: checkpoint.OperatorIDFromUID("map")}}, Inputs: []job.Input{forward.Input(0)}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	at := func(vertex int, subtask int32, state task.State) plan.Execution {
		return plan.Execution{Attempt: task.ExecutionAttempt{Vertex: j.Vertex(vertex).ID, Subtask: subtask}, State: state}
	}
	p, err := plan.Calculate(j, [][]plan.Execution{
		{at(0, 0, task.Finished), at(0, 1, task.Running)},
		{at(1, 0, task.Running), at(1, 1, task.Running)},
	}, true)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range p.Trigger {
		vertex, _ := j.VertexOf(checkpoint.OperatorID(e.Attempt.Vertex))
		fmt.Println("trigger", j.Vertex(vertex).Name, e.Attempt.Subtask)
	}
	fmt.Println("wait for", len(p.Wait))
	// Output:
	// trigger source 1
	// trigger map 0
	// wait for 3
}
