package pending

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// Finalize returns the content of the metadata: operators in the order of the job's
// vertices and of their chains, subtasks by index, master states in the order of the
// hooks. The same answers give the same content, in whatever order they came.
//
// Subtasks that have finished, or were restored as finished, are marked so. Union
// state of a vertex of which only a part has finished would be incomplete: that is a
// [checkpoint.Failure] of the reason [checkpoint.DeclinedTaskClosing].
func (c *Checkpoint) Finalize() (*checkpoint.Metadata, error) {
	if !c.FullyAcknowledged() {
		return nil, c.fail(checkpoint.FinalizeCheckpointFailure, "checkpoint %d: it is disposed of, or not all have acknowledged it", c.id)
	}
	properties := c.properties
	m := &checkpoint.Metadata{CheckpointID: c.id, Properties: &properties}
	for i, v := range c.job.Vertices() {
		operators, err := c.vertex(i, v)
		if err != nil {
			return nil, err
		}
		m.Operators = append(m.Operators, operators...)
	}
	for i := range c.hooks {
		if c.hooks[i].state != nil {
			m.MasterStates = append(m.MasterStates, *c.hooks[i].state)
		}
	}
	return m, nil
}

func (c *Checkpoint) vertex(vertex int, v *job.Vertex) ([]checkpoint.OperatorState, error) {
	f := c.finished(vertex)
	operators := make([]checkpoint.OperatorState, len(v.Operators))
	for i := range v.Operators {
		op := &operators[i]
		*op = empty(v, &v.Operators[i])
		op.Subtasks = c.subtasks(vertex, op.ID, f)
		if err := c.check(v, op, f); err != nil {
			return nil, err
		}
		if op.FullyFinished = f.fully; !op.FullyFinished {
			op.Coordinator = c.coordinatorState(op.ID)
		}
	}
	return operators, nil
}

// ending says how far a vertex has come to its end.
type ending struct {
	fully    bool // all subtasks have finished, or were restored as finished
	subtasks int  // that have finished, and so were not asked
	closing  int  // that were asked, and all of whose operators have finished
}

func (c *Checkpoint) finished(vertex int) ending {
	var f ending
	if !c.plan.MayHaveFinished {
		return f
	}
	f.fully = slices.Contains(c.plan.FullyFinished, vertex)
	for i := range c.tasks[vertex] {
		switch s := &c.tasks[vertex][i]; {
		case !s.expected:
			f.subtasks++
		case s.snapshot == nil:
		case s.snapshot.TaskDeployedAsFinished:
			f.fully = true
		case s.snapshot.TaskFinished:
			f.closing++
		}
	}
	return f
}

// subtasks returns what the subtasks say of an operator, by index.
func (c *Checkpoint) subtasks(vertex int, op checkpoint.OperatorID, f ending) []checkpoint.SubtaskState {
	var states []checkpoint.SubtaskState
	for i := range c.tasks[vertex] {
		s := &c.tasks[vertex][i]
		switch {
		case !s.expected && !f.fully:
			states = append(states, checkpoint.SubtaskState{Index: int32(i), Finished: true})
		case s.snapshot == nil || s.snapshot.TaskDeployedAsFinished:
		case s.snapshot.Operators[op] != nil:
			states = append(states, checkpoint.SubtaskState{Index: int32(i), State: s.snapshot.Operators[op]})
		}
	}
	return states
}

// check refuses what could not be restored.
func (c *Checkpoint) check(v *job.Vertex, op *checkpoint.OperatorState, f ending) error {
	partly := f.subtasks > 0 || f.closing > 0 && f.closing < len(c.tasks[c.vertices[v.ID]])
	switch {
	case f.fully && len(op.Subtasks) > 0:
		return c.fail(checkpoint.FinalizeCheckpointFailure, "checkpoint %d: operator %s has finished, but subtask %d reports state", c.id, op.ID, op.Subtasks[0].Index)
	case !f.fully && partly && slices.ContainsFunc(op.Subtasks, hasUnionState):
		return c.fail(checkpoint.DeclinedTaskClosing, "checkpoint %d: operator %s has union state, and only a part of its subtasks has finished", c.id, op.ID)
	}
	return nil
}

func hasUnionState(s checkpoint.SubtaskState) bool {
	return s.State != nil && (isUnion(s.State.ManagedOperatorState) || isUnion(s.State.RawOperatorState))
}

func isUnion(h checkpoint.OperatorStateHandle) bool {
	return h != nil && slices.ContainsFunc(h.Partitions(), func(p checkpoint.OperatorStatePartitions) bool { return p.Mode == checkpoint.Union })
}

func (c *Checkpoint) coordinatorState(op checkpoint.OperatorID) *checkpoint.ByteStreamStateHandle {
	oc := c.coordinators[op]
	if oc == nil || oc.state == nil {
		return nil
	}
	return &checkpoint.ByteStreamStateHandle{HandleName: op.String(), Data: oc.state}
}

func empty(v *job.Vertex, op *job.Operator) checkpoint.OperatorState {
	return checkpoint.OperatorState{ID: op.ID, Name: op.Name, UID: op.UID, Parallelism: v.Parallelism, MaxParallelism: v.MaxParallelism}
}

func (c *Checkpoint) fail(reason checkpoint.FailureReason, format string, args ...any) error {
	return &checkpoint.Failure{Reason: reason, Cause: fmt.Errorf(format, args...)}
}
