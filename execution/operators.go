package execution

import (
	"context"
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/task"
)

var _ task.EventResponder = (*Graph)(nil)

// HandleOperatorEvent takes what an operator tells its coordinator.
func (g *Graph) HandleOperatorEvent(_ context.Context, event task.OperatorEvent) error {
	for _, h := range g.holders[g.index[event.Attempt.Vertex]] {
		if h.Operator() == event.Operator {
			return h.HandleEvent(event.Attempt, event.Payload)
		}
	}
	return fmt.Errorf("execution: event from %s: operator %s has no coordinator", event.Attempt, event.Operator)
}

// startOperators starts the coordinators of all operators.
func (g *Graph) startOperators(ctx context.Context) error {
	for vertex := range g.vertices {
		for _, h := range g.holders[vertex] {
			if err := h.Start(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *Graph) closeOperators() error {
	var err error
	for vertex := range g.vertices {
		for _, h := range g.holders[vertex] {
			err = errors.Join(err, h.Close())
		}
	}
	return err
}

// subtaskReady tells operator coordinators that the attempt can be reached, once it
// initializes or runs, and is deployed.
func (g *Graph) subtaskReady(s *subtask) {
	a := &s.current
	if a.ready || a.task == nil || a.state != task.Initializing && a.state != task.Running {
		return
	}
	a.ready = true
	for _, h := range g.holders[s.vertex] {
		h.SubtaskReady(a.id, eventGateway(a.task))
	}
}

// subtaskFailed tells them of the end of an attempt, once, even if it had not begun to
// run. The cause is nil if it only goes with others.
func (g *Graph) subtaskFailed(s *subtask, cause error) {
	if s.current.gone {
		return
	}
	s.current.gone = true
	for _, h := range g.holders[s.vertex] {
		h.SubtaskFailed(s.current.id, cause)
	}
}

// subtasksReset tells them where subtasks that are started again begin, while others
// go on. When all are started again they are reset themselves, by the coordinator.
func (g *Graph) subtasksReset(subtasks []*subtask, restored *coordinator.Restored) {
	id := operator.NoCheckpoint
	if restored != nil {
		id = restored.CheckpointID
	}
	for _, s := range subtasks {
		for _, h := range g.holders[s.vertex] {
			h.SubtaskReset(s.current.id.Subtask, id)
		}
	}
}

func eventGateway(t Task) task.EventGateway {
	if gateway, ok := t.(task.EventGateway); ok {
		return gateway
	}
	return deaf{}
}

// deaf is a task that no events can be sent to.
type deaf struct{}

func (deaf) SendOperatorEvent(_ context.Context, operator checkpoint.OperatorID, _ []byte) error {
	return fmt.Errorf("execution: operator %s has a coordinator, but its task takes no events (task.EventGateway): %w", operator, ErrUnrecoverable)
}
