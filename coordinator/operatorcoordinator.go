package coordinator

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/restore"
)

// NoCheckpoint is the checkpoint id of a reset to the beginning.
const NoCheckpoint = operator.NoCheckpoint

// OperatorCoordinator is the part of an operator that runs once, beside the
// coordinator: what hands out splits to sources, for one. It is a coordinator's holder
// for whoever speaks with subtasks: see package operator.
type OperatorCoordinator = operator.Participant

type coordinatorContext struct {
	operator    checkpoint.OperatorID
	coordinator OperatorCoordinator
}

// AddOperatorCoordinator adds the coordinator of an operator of the job, by its
// generated id. It is reset from the next restore on, in the order of adding.
func (c *Coordinator) AddOperatorCoordinator(id checkpoint.OperatorID, oc OperatorCoordinator) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shutDown {
		return fmt.Errorf("coordinator: add coordinator of operator %s: %w", id, ErrShutDown)
	}
	if oc == nil {
		return fmt.Errorf("coordinator: add coordinator of operator %s: it is nil", id)
	}
	if !c.hasOperator(id) {
		return fmt.Errorf("coordinator: add coordinator of operator %s: the job has no operator with this generated id", id)
	}
	for _, other := range c.coordinators {
		if other.operator == id {
			return fmt.Errorf("coordinator: add coordinator of operator %s: it has one already", id)
		}
	}
	c.coordinators = append(c.coordinators, coordinatorContext{id, oc})
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
