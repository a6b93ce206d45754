package coordinator

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// operatorsOf returns the state to restore from a checkpoint. Of one that the user
// has named, records in flight are left out (Flink: execution.state-recovery.
// without-channel-state.checkpoint-id): they are lost, which may be better than a job
// that fails on one of them for ever.
func (c *Coordinator) operatorsOf(cp *completed.Checkpoint) []checkpoint.OperatorState {
	ck := c.opts.Checkpointing
	if ck == nil || ck.Config.IgnoreInFlightOf != cp.ID {
		return cp.Operators
	}
	c.opts.Logger.Warn("records in flight are not restored, as configured", "checkpoint", cp.ID)
	operators := slices.Clone(cp.Operators)
	for i := range operators {
		operators[i].Subtasks = withoutChannels(operators[i].Subtasks)
	}
	return operators
}

func withoutChannels(subtasks []checkpoint.SubtaskState) []checkpoint.SubtaskState {
	subtasks = slices.Clone(subtasks)
	for i := range subtasks {
		if state := subtasks[i].State; state != nil && state.Channels != nil {
			without := *state
			without.Channels = nil
			subtasks[i].State = &without
		}
	}
	return subtasks
}
