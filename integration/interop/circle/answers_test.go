//go:build interop

package circle

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// answers are what all who take part in a checkpoint have said.
type answers struct {
	job         *job.Job
	current     [][]plan.Execution
	snapshot    func(task.ExecutionAttempt) *task.Snapshot // never nil
	coordinator func(checkpoint.OperatorID) []byte
	hooks       []checkpoint.MasterState

	// whole returns a state with the handles of then in the place of placeholders.
	whole func(*checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState
}

// metadata is what must be in the metadata, written down once more and without a look
// at how cairn does it.
func (a *answers) metadata(cp *completed.Checkpoint) *checkpoint.Metadata {
	md := &checkpoint.Metadata{CheckpointID: cp.ID, Properties: &cp.Properties, MasterStates: a.hooks}
	for i, vertex := range a.job.Vertices() {
		for _, op := range vertex.Operators {
			state := checkpoint.OperatorState{
				ID: op.ID, Name: op.Name, UID: op.UID, Parallelism: vertex.Parallelism, MaxParallelism: vertex.MaxParallelism,
				FullyFinished: a.finished(a.current[i]),
			}
			if !state.FullyFinished {
				state.Subtasks = a.subtasks(op.ID, a.current[i])
				if saved := a.coordinator(op.ID); saved != nil {
					state.Coordinator = &checkpoint.ByteStreamStateHandle{HandleName: op.ID.String(), Data: saved}
				}
			}
			md.Operators = append(md.Operators, state)
		}
	}
	return md
}

// finished reports whether nothing of a vertex runs any more, or ran at all.
func (a *answers) finished(executions []plan.Execution) bool {
	return !slices.ContainsFunc(executions, func(e plan.Execution) bool {
		return e.State != task.Finished && !a.snapshot(e.Attempt).TaskDeployedAsFinished
	})
}

func (a *answers) subtasks(op checkpoint.OperatorID, executions []plan.Execution) (states []checkpoint.SubtaskState) {
	for i, e := range executions {
		own := a.snapshot(e.Attempt).Operators[op]
		switch {
		case e.State == task.Finished:
			states = append(states, checkpoint.SubtaskState{Index: int32(i), Finished: true})
		case own != nil:
			states = append(states, checkpoint.SubtaskState{Index: int32(i), State: a.whole(own)})
		}
	}
	return states
}
