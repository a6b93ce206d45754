package plan

import (
	"github.com/cairnstate/cairn/task"
)

// Execution is the current attempt of a subtask.
type Execution struct {
	Attempt task.ExecutionAttempt
	State   task.State // empty: the subtask has no attempt
	Gateway task.Gateway
}

// Plan says who takes part in a checkpoint (Flink: CheckpointPlan). All lists are in
// the order of the job's vertices, then by subtask. It is not changed once it is
// made, and may be read by many goroutines at once.
type Plan struct {
	Trigger []Execution // get the barrier from the coordinator, and no other way
	Wait    []Execution // must acknowledge; never empty
	Commit  []Execution // are told of the end; the same as Wait

	// Finished are the attempts that had finished, and so say nothing.
	Finished []Execution

	// FullyFinished are the indexes of the vertices all of whose subtasks had.
	FullyFinished []int

	// MayHaveFinished says that checkpoints go on after tasks finish, so that a
	// task may finish, or be there as finished, between the plan and its answer.
	MayHaveFinished bool
}
