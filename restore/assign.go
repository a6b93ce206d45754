package restore

import (
	"errors"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// Options are what Assign may be told; nil is the zero value.
type Options struct {
	// AllowNonRestored lets state be left behind that no operator takes.
	AllowNonRestored bool

	// RecoverOutputDownstream gives what was in output buffers to the consumers
	// (Flink: UNALIGNED_RECOVER_OUTPUT_ON_DOWNSTREAM, off by default there too).
	RecoverOutputDownstream bool

	// Peculiarities of Flink are left out unless asked for.
	Peculiarities Peculiarities
}

// Assign decides what each subtask of the job gets of a checkpoint (Flink:
// StateAssignmentOperation.assignStates).
//
//  1. Every state must have an operator, even an empty one; or else
//     AllowNonRestored must be set. Validate drops what may be dropped.
//  2. Each operator takes its state: that under its user-defined id if there is
//     any, else that under its generated id.
//  3. The max parallelism of each vertex is settled.
//  4. Operator, channel and keyed state are distributed.
//
// The checkpoint is not changed; the assignment shares its handles. A no is one
// or more *Refusal, joined.
func Assign(checkpointID int64, j *job.Job, operators []checkpoint.OperatorState, opts *Options) (*Assignment, error) {
	if opts == nil {
		opts = &Options{}
	}
	a := &assigner{job: j, opts: *opts, result: &Assignment{CheckpointID: checkpointID}}
	for _, step := range []func([]checkpoint.OperatorState) error{a.complete, a.match, a.distribute, a.connect} {
		if err := step(operators); err != nil {
			return nil, err
		}
	}
	for _, t := range a.tasks {
		a.result.Vertices = append(a.result.Vertices, t.assignment(checkpointID))
	}
	return a.result, nil
}

type assigner struct {
	job    *job.Job
	opts   Options
	tasks  []*task // by vertex
	result *Assignment
}

// complete checks that each state has an operator.
func (a *assigner) complete(operators []checkpoint.OperatorState) error {
	var refusals []error
	without := operatorsWithout(operators, a.job)
	for i := range operators {
		op := &operators[i]
		if _, known := a.job.VertexOf(op.ID); known {
			refusals = append(refusals, inspect(op))
			continue
		}
		left := notRestored(op, ReasonNoOperator)
		if !a.opts.AllowNonRestored {
			refusals = append(refusals, unmapped(&left, without))
		} else if !op.HasState() {
			left.Reason = ReasonEmpty
		}
		a.result.NotRestored = append(a.result.NotRestored, left)
	}
	return errors.Join(refusals...)
}

// match gives each operator its state.
func (a *assigner) match(operators []checkpoint.OperatorState) error {
	untaken := statesByID(operators)
	for i, v := range a.job.Vertices() {
		t := newTask(i, v, len(a.job.Outputs(i)))
		for k := range v.Operators {
			t.states[k] = newOperatorTask(take(untaken, &v.Operators[k]))
		}
		if err := t.classify(); err != nil {
			return err
		}
		a.tasks = append(a.tasks, t)
	}
	for i := range operators {
		op := &operators[i]
		if _, known := a.job.VertexOf(op.ID); known && untaken[op.ID] != nil {
			a.result.NotRestored = append(a.result.NotRestored, notRestored(op, ReasonTaken))
		}
	}
	return nil
}

func statesByID(operators []checkpoint.OperatorState) map[checkpoint.OperatorID]*checkpoint.OperatorState {
	states := make(map[checkpoint.OperatorID]*checkpoint.OperatorState, len(operators))
	for i := range operators {
		states[operators[i].ID] = &operators[i]
	}
	return states
}

// take removes and returns the state of an operator; nil if it has none. A state
// is taken once.
func take(untaken map[checkpoint.OperatorID]*checkpoint.OperatorState, op *job.Operator) *checkpoint.OperatorState {
	id := op.ID
	if op.UserDefined != nil && untaken[*op.UserDefined] != nil {
		id = *op.UserDefined
	}
	state := untaken[id]
	delete(untaken, id)
	return state
}

// distribute gives the state of each vertex to its subtasks.
func (a *assigner) distribute([]checkpoint.OperatorState) error {
	for _, t := range a.tasks {
		if !t.collected && !a.upstreamOutput(t) && !a.downstreamInput(t) {
			continue
		}
		t.restored = true
		if err := t.settleMaxParallelism(a.job, a.opts.Peculiarities); err != nil {
			return err
		}
		for i := range t.states {
			t.states[i].distribute(t.maxParallelism, t.vertex.Parallelism)
		}
		if err := a.distributeInput(t); err != nil {
			return err
		}
		if err := a.distributeOutput(t); err != nil {
			return err
		}
	}
	return nil
}
