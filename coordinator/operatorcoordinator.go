package coordinator

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
)

// NoCheckpoint is the checkpoint id of a reset to the beginning.
const NoCheckpoint int64 = -1

// OperatorCoordinator is the part of an operator that runs once, beside the
// coordinator: what hands out splits to sources, for one.
type OperatorCoordinator interface {
	// ResetToCheckpoint takes the coordinator back to a checkpoint. The state is
	// what it had saved with it, which may be empty; nil says that it had saved
	// nothing, and starts empty. With [NoCheckpoint] there is no checkpoint at
	// all. The state must not be changed.
	//
	// It is called under the lock of the checkpoint coordinator, which it must not
	// call back, from one goroutine at a time.
	ResetToCheckpoint(ctx context.Context, checkpointID int64, state []byte) error
}

type coordinatorContext struct {
	operator    checkpoint.OperatorID
	coordinator OperatorCoordinator
}

// AddOperatorCoordinator adds the coordinator of an operator of the job, by its
// generated id. It is reset from the next restore on, in the order of adding.
func (c *Coordinator) AddOperatorCoordinator(operator checkpoint.OperatorID, oc OperatorCoordinator) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shutDown {
		return fmt.Errorf("coordinator: add coordinator of operator %s: %w", operator, ErrShutDown)
	}
	if !c.hasOperator(operator) {
		return fmt.Errorf("coordinator: add coordinator of operator %s: the job has no operator with this generated id", operator)
	}
	for _, other := range c.coordinators {
		if other.operator == operator {
			return fmt.Errorf("coordinator: add coordinator of operator %s: it has one already", operator)
		}
	}
	c.coordinators = append(c.coordinators, coordinatorContext{operator, oc})
	return nil
}

func (c *Coordinator) hasOperator(id checkpoint.OperatorID) bool {
	for _, v := range c.job.Vertices() {
		for _, op := range v.Operators {
			if op.ID == id {
				return true
			}
		}
	}
	return false
}

// restoreOperatorCoordinators resets every coordinator, those without state too:
// else they would go on with what they did after the checkpoint.
func (c *Coordinator) restoreOperatorCoordinators(ctx context.Context, assignment *restore.Assignment) error {
	states := coordinatorStates(assignment)
	for _, oc := range c.coordinators {
		if err := oc.reset(ctx, assignment.CheckpointID, states[oc.operator]); err != nil {
			return err
		}
	}
	return nil
}

// resetOperatorCoordinators takes all coordinators back to the beginning.
func (c *Coordinator) resetOperatorCoordinators(ctx context.Context) error {
	for _, oc := range c.coordinators {
		if err := oc.reset(ctx, NoCheckpoint, nil); err != nil {
			return err
		}
	}
	return nil
}

func (oc coordinatorContext) reset(ctx context.Context, checkpointID int64, state []byte) error {
	if err := oc.coordinator.ResetToCheckpoint(ctx, checkpointID, state); err != nil {
		return fmt.Errorf("coordinator of operator %s: reset to checkpoint %d: %w", oc.operator, checkpointID, err)
	}
	return nil
}

// coordinatorStates finds the state of each coordinator with the state of its
// operator, and so under a user-defined id too.
func coordinatorStates(assignment *restore.Assignment) map[checkpoint.OperatorID][]byte {
	states := make(map[checkpoint.OperatorID][]byte)
	for i := range assignment.Vertices {
		for _, op := range assignment.Vertices[i].Operators {
			if op.State == nil || op.State.Coordinator == nil {
				continue
			}
			if state := op.State.Coordinator.Data; state != nil {
				states[op.Operator.ID] = state
			} else {
				states[op.Operator.ID] = []byte{} // saved, and empty
			}
		}
	}
	return states
}
