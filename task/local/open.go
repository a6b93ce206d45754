package local

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

// running is an operator in an attempt.
type running struct {
	*operator
	program.Instance
	state *state.Backend
}

// open restores the state of all operators and opens them, the last first: an operator
// may emit from the moment on that it is open.
func (a *attempt) open() error {
	d := &a.deployment
	vertex := d.Job.Vertex(d.Vertex)
	own := checkpoint.KeyGroupRangeForSubtask(d.Attempt.Subtask, vertex.MaxParallelism, vertex.Parallelism)
	operators := a.runtime.wiring.vertices[d.Vertex].operators
	a.chain = make([]*running, len(operators))
	for i := range operators {
		op := &running{operator: &operators[i], Instance: operators[i].node.Make(), state: state.New(vertex.MaxParallelism, own)}
		if err := a.restore(op); err != nil {
			return fmt.Errorf("local: restore %s: %w", op.name, err)
		}
		a.chain[i] = op
	}
	for i := len(a.chain) - 1; i >= 0; i-- {
		if err := a.chain[i].Open(a.ctx, a.subtask(a.chain[i], vertex.Parallelism), a.emitter(a.chain[i])); err != nil {
			return fmt.Errorf("local: open %s: %w", a.chain[i].name, err)
		}
	}
	return nil
}

func (a *attempt) subtask(op *running, parallelism int32) *program.Subtask {
	sub := &program.Subtask{
		Name: op.name, Index: a.deployment.Attempt.Subtask, Parallelism: parallelism, Attempt: a.deployment.Attempt,
		Epoch: a.runtime.opts.Epoch, State: op.state, Logger: a.log.With("operator", op.name),
	}
	if s := a.deployment.State; s != nil && s.Restored {
		sub.RestoredCheckpoint = s.CheckpointID
	}
	return sub
}

// restore reads the operator's part of what the attempt starts from.
func (a *attempt) restore(op *running) error {
	if a.deployment.State == nil {
		return nil
	}
	for i := range a.deployment.State.Operators {
		if from := &a.deployment.State.Operators[i]; from.ID == op.id {
			if inFlight(from) {
				return fmt.Errorf("the checkpoint has records in flight: %w", ErrUnaligned)
			}
			return op.state.Restore(a.ctx, a.deployment.State.Location(), from)
		}
	}
	return nil
}

func inFlight(from *restore.OperatorRestore) bool {
	return from.InputChannels.Len() > 0 || from.ResultSubpartitions.Len() > 0 || from.UpstreamOutputBuffers.Len() > 0
}

// emitter returns where the records of an operator go: to the operators of its chain by
// a call, and to other subtasks by queues.
func (a *attempt) emitter(op *running) func(any) error {
	chained := make([]*running, len(op.chained))
	for i, next := range op.chained {
		chained[i] = a.chain[next]
	}
	outputs := slices.DeleteFunc(slices.Clone(a.outputs), func(o *output) bool { return !slices.Contains(op.outputs, o.edge) })
	return func(record any) error {
		for _, next := range chained {
			if err := next.Process(a.ctx, record); err != nil {
				return err
			}
		}
		for _, o := range outputs {
			if err := o.emit(record); err != nil {
				return err
			}
		}
		return nil
	}
}

func (a *attempt) closeOperators() error {
	var errs []error
	for _, op := range a.chain {
		if op != nil {
			errs = append(errs, op.Close())
		}
	}
	return errors.Join(errs...)
}

// streams returns where the state of a checkpoint is written to.
func (a *attempt) streams(ctx context.Context, id int64, at storage.CheckpointStorageLocationReference) (*storage.CheckpointStreamFactory, error) {
	return a.runtime.access.ResolveCheckpointStorageLocation(ctx, id, at)
}
