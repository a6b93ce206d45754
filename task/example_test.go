package task_test

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

// An answer names the attempt that gives it, so that a subtask that was restarted
// is not mistaken for its successor.
func ExampleExecutionAttempt() {
	first := task.ExecutionAttempt{Vertex: checkpoint.JobVertexID(checkpoint.OperatorIDFromUID("count")), Subtask: 1}
	second := first
	second.Attempt++
	fmt.Println(second, first == second)
	// Output: 00000000_b71731f1_1_1 false
}
