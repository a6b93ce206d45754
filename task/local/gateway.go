package local

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

// TriggerCheckpoint has a checkpoint begin here: at a source, or where all producers
// have ended.
func (a *attempt) TriggerCheckpoint(_ context.Context, b task.Barrier) error {
	return a.mail.put(func() error {
		if a.gate != nil && !a.gate.Ended() {
			a.held = append(a.held, b) // that they ended is known elsewhere before it is here
			return nil
		}
		start := max(a.runtime.opts.Clock.Now().Sub(b.Timestamp), 0)
		return a.snapshot(b, task.Metrics{StartDelay: start})
	})
}

// NotifyCheckpointComplete has operators let out what they held back.
func (a *attempt) NotifyCheckpointComplete(_ context.Context, c task.Completed) error {
	return a.mail.put(func() error {
		for _, op := range a.chain {
			if err := op.CheckpointComplete(a.ctx, c.CheckpointID); err != nil {
				return fmt.Errorf("local: %s: checkpoint %d is complete: %w", op.name, c.CheckpointID, err)
			}
		}
		a.ended = a.ended || c.CheckpointID == a.stopFor || a.input == dry && a.final != 0 && c.CheckpointID >= a.final
		return nil
	})
}

// NotifyCheckpointAborted stops what is being done for the checkpoint.
func (a *attempt) NotifyCheckpointAborted(_ context.Context, c task.Aborted) error {
	a.writes.abandonOne(c.CheckpointID)
	return a.mail.put(func() error {
		if a.gate != nil {
			a.gate.Abort(c.CheckpointID)
		}
		if a.stopFor == c.CheckpointID {
			a.stopFor = 0
		}
		return nil
	})
}

// stops reports whether the subtask is to process nothing behind the barrier.
func stops(t checkpoint.SnapshotType) bool {
	return t.Action == checkpoint.ActionSuspend || t.Action == checkpoint.ActionTerminate
}

var _ task.Gateway = (*attempt)(nil)
