package local

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
	"github.com/cairnstate/cairn/task/barrier"
	"github.com/cairnstate/cairn/task/state"
)

// snapshot takes the subtask's part of a checkpoint. All records before the barrier are
// processed. Operators bring their state up to date, the barrier goes on its way, and
// what is frozen then is written beside the records.
//
// An operator that fails to prepare fails the subtask: what it prepared by halves cannot
// be in a later checkpoint either.
func (a *attempt) snapshot(b task.Barrier, metrics task.Metrics) error {
	begin := a.now()
	if err := a.endOfTime(b); err != nil {
		return err
	}
	for _, op := range a.chain {
		if err := op.Snapshot(a.ctx, b.CheckpointID); err != nil {
			return fmt.Errorf("local: %s: snapshot for checkpoint %d: %w", op.name, b.CheckpointID, err)
		}
	}
	if err := a.sendAll(element{Kind: barrier.Barrier, Barrier: &b}); err != nil {
		return err
	}
	frozen := make([]*state.Snapshot, len(a.chain))
	for i, op := range a.chain {
		frozen[i] = op.state.Snapshot()
	}
	if a.input == dry && a.final == 0 {
		a.final = b.CheckpointID
	}
	if stops(b.Options.Type) {
		a.stopFor = b.CheckpointID
	}
	metrics.SyncDuration = a.now().Sub(begin)
	finished := a.input == dry
	a.writes.begin(b.CheckpointID, frozen, func(ctx context.Context) { a.write(ctx, b, frozen, metrics, finished) })
	return nil
}

// endOfTime lets operators finish before a savepoint that drains the job.
func (a *attempt) endOfTime(b task.Barrier) error {
	if b.Options.Type.Action != checkpoint.ActionTerminate || a.input == dry {
		return nil
	}
	for _, op := range a.chain {
		if err := op.Finish(a.ctx); err != nil {
			return fmt.Errorf("local: finish %s: %w", op.name, err)
		}
	}
	return nil
}

// write writes what is frozen, and answers the coordinator. It runs beside the loop.
func (a *attempt) write(ctx context.Context, b task.Barrier, frozen []*state.Snapshot, metrics task.Metrics, finished bool) {
	begin := a.now()
	snapshot, err := a.writeAll(ctx, b, frozen)
	if err != nil {
		discardAll(ctx, frozen)
		if !errors.Is(err, state.ErrAbandoned) {
			a.decline(b.CheckpointID, &checkpoint.Failure{Reason: checkpoint.CheckpointAsyncException, Cause: err})
		}
		return
	}
	snapshot.TaskFinished = finished
	for _, s := range snapshot.Operators {
		metrics.FullStateBytes += size(s)
	}
	metrics.CheckpointedBytes = metrics.FullStateBytes
	metrics.AsyncDuration = a.now().Sub(begin)
	d := &a.deployment
	ack := task.Acknowledgement{Job: d.JobID, Attempt: d.Attempt, CheckpointID: b.CheckpointID, State: snapshot, Metrics: metrics}
	if !d.Graph.Coordinator().AcknowledgeCheckpoint(ctx, ack) {
		discardAll(ctx, frozen)
	}
}

func (a *attempt) writeAll(ctx context.Context, b task.Barrier, frozen []*state.Snapshot) (*task.Snapshot, error) {
	snapshot := &task.Snapshot{Operators: make(map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState)}
	streams, err := a.streams(ctx, b.CheckpointID, b.Options.Location)
	for i, f := range frozen {
		if err != nil {
			f.Release()
			continue
		}
		var written *checkpoint.OperatorSubtaskState
		if written, err = f.Write(ctx, streams, b.Options.Type); written != nil {
			snapshot.Operators[a.chain[i].id] = written
		}
	}
	return snapshot, err
}

func size(s *checkpoint.OperatorSubtaskState) int64 {
	var n int64
	if s.ManagedKeyedState != nil {
		n += s.ManagedKeyedState.StateSize()
	}
	if s.ManagedOperatorState != nil {
		n += s.ManagedOperatorState.StateSize()
	}
	return n
}

// discardAll deletes what was written and cannot be reported. What fails to be deleted
// lies in the directory of a checkpoint that was given up, which is swept.
func discardAll(ctx context.Context, frozen []*state.Snapshot) {
	for _, f := range frozen {
		_ = f.Discard(ctx)
	}
}

// decline tells the coordinator that the subtask has no part in the checkpoint.
func (a *attempt) decline(id int64, cause error) {
	d := &a.deployment
	a.log.Info("checkpoint declined", "checkpoint", id, "cause", cause)
	d.Graph.Coordinator().DeclineCheckpoint(context.WithoutCancel(a.ctx), task.Decline{
		Job: d.JobID, Attempt: d.Attempt, CheckpointID: id, Cause: cause})
}

func (a *attempt) now() time.Time { return a.runtime.opts.Clock.Now() }
