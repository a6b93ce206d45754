package flink

import (
	"context"
	"encoding/hex"
	"sync"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/task"
)

// OperatorCoordinators returns the coordinators of operators, which run in the JVM.
func (j *Job) OperatorCoordinators() []*OperatorCoordinator { return j.coordinators }

// OperatorCoordinator is the coordinator of an operator, in Flink's own holder, which
// also holds its events back while a checkpoint is taken. Flink restores it with its
// job; what it is told of a restore here is remembered only.
type OperatorCoordinator struct {
	Operator checkpoint.OperatorID
	jvm      *JVM

	mu    sync.Mutex
	reset []byte           // the state that it was last reset to
	saved map[int64][]byte // by checkpoint
}

var _ operator.Participant = (*OperatorCoordinator)(nil)

// Checkpoint has the coordinator save its state.
func (c *OperatorCoordinator) Checkpoint(ctx context.Context, id int64, answer func([]byte, error)) {
	go func() {
		state, err := c.checkpoint(ctx, id)
		answer(state, err)
	}()
}

func (c *OperatorCoordinator) checkpoint(ctx context.Context, id int64) ([]byte, error) {
	var text string
	if err := c.jvm.call(ctx, "coordinator-checkpoint", c.about(id), &text); err != nil {
		return nil, err
	}
	state, err := hex.DecodeString(text)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.saved[id] = state
	return state, err
}

// Saved returns the state that it had at a checkpoint.
func (c *OperatorCoordinator) Saved(id int64) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.saved[id]
}

// NotifyCheckpointComplete tells it that a checkpoint is complete.
func (c *OperatorCoordinator) NotifyCheckpointComplete(id int64) {
	_ = c.jvm.send("coordinator-complete", c.about(id), nil)
}

// NotifyCheckpointAborted tells it that a checkpoint will never be.
func (c *OperatorCoordinator) NotifyCheckpointAborted(id int64) {
	_ = c.jvm.send("coordinator-abort", c.about(id), nil)
}

// ResetToCheckpoint remembers the state.
func (c *OperatorCoordinator) ResetToCheckpoint(_ context.Context, _ int64, state []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reset = state
	return nil
}

// ResetTo returns the state that it was last reset to; nil if there was none.
func (c *OperatorCoordinator) ResetTo() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reset
}

// Acknowledged is of no interest: Flink's holder hears it from the task.
func (c *OperatorCoordinator) Acknowledged(int64, task.ExecutionAttempt) {}

// SubtaskReset is of no interest: no subtask is restarted alone.
func (c *OperatorCoordinator) SubtaskReset(int32, int64) {}

func (c *OperatorCoordinator) about(checkpoint int64) object {
	return object{"operator": c.Operator, "checkpoint": checkpoint}
}
