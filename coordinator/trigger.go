package coordinator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/pending"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/storage"
)

// trigger carries a request to the tasks (Flink: startTriggeringCheckpoint). One is
// on its way at a time. The order is a promise: operator coordinators have saved
// their state before the first hook is asked, and hooks before the first barrier.
func (c *Coordinator) trigger(r *request.Request) {
	t, err := c.begin(r)
	if err != nil {
		c.triggered(r, t, err)
		return
	}
	c.askCoordinators(t, func(err error) {
		if err = c.stillTaking(t, err); err == nil {
			err = c.stillTaking(t, c.askHooks(t))
		}
		if err == nil {
			err = c.sendBarriers(t)
		}
		c.triggered(r, t, err)
	})
}

// begin makes the pending checkpoint: its plan, its id, its place. After an error it
// returns the checkpoint nonetheless, if there is one already.
func (c *Coordinator) begin(r *request.Request) (*taking, error) {
	before, err := c.mayTrigger(r)
	if err != nil {
		return nil, err
	}
	ck := c.opts.Checkpointing
	p, err := plan.Calculate(c.job, ck.Executions.Current(), ck.Config.AfterTasksFinish)
	if err != nil {
		return nil, err
	}
	id, err := c.takeID()
	if err != nil {
		return nil, err
	}
	t, err := c.startTaking(id, r, p, before)
	if err != nil {
		c.ended(id) // nothing will be in its directory
		return nil, err
	}
	location, err := c.initializeLocation(t)
	if err != nil {
		return t, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t.location = location
	return t, c.givenUp(t)
}

// mayTrigger looks again before it begins: much may have happened since the request
// was chosen. It returns how often all was given up before: the tasks of a plan that is
// older than that are not those that run.
func (c *Coordinator) mayTrigger(r *request.Request) (givenUp int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.underway.givenUp, c.noTrigger(r)
}

func (c *Coordinator) noTrigger(r *request.Request) error {
	switch {
	case c.fenced != nil:
		return &checkpoint.Failure{Reason: checkpoint.CoordinatorShutdown, Cause: c.fenced}
	case c.shutDown:
		return &checkpoint.Failure{Reason: checkpoint.CoordinatorShutdown}
	case r.Periodic && !c.underway.scheduler.running:
		return &checkpoint.Failure{Reason: checkpoint.PeriodicSchedulerShutdown}
	}
	return nil
}

// takeID takes the id of the checkpoint. It is gone then, even if the checkpoint
// fails: ids have gaps, and none is used twice.
func (c *Coordinator) takeID() (int64, error) {
	c.ledger.Lock()
	id, err := c.opts.IDCounter.GetAndIncrement(c.ctx)
	if err == nil {
		c.lastID = max(c.lastID, id)
	}
	c.ledger.Unlock()
	if err == nil {
		return id, nil
	}
	c.noticeFence(err)
	return 0, &checkpoint.Failure{Reason: checkpoint.IOException, Cause: fmt.Errorf("take a checkpoint id: %w", err)}
}

// startTaking makes the pending checkpoint. Its time runs from here.
func (c *Coordinator) startTaking(id int64, r *request.Request, p *plan.Plan, givenUp int) (*taking, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.noTrigger(r); err != nil {
		return nil, err
	}
	if c.underway.givenUp != givenUp {
		return nil, c.underway.lastGivenUp
	}
	now := c.opts.Clock.Now()
	ids := make([]checkpoint.OperatorID, len(c.coordinators))
	for i := range c.coordinators {
		ids[i] = c.coordinators[i].operator
	}
	t := &taking{
		Checkpoint: pending.New(id, now, p, c.running, ids, c.hooks.Identifiers(), r.Properties),
		request:    r,
		plan:       p,
	}
	t.ctx, t.cancel = context.WithCancelCause(c.ctx)
	t.expiry = c.opts.Clock.AfterFunc(c.opts.Checkpointing.Config.Timeout, func() { c.expire(t) })
	c.underway.taking[id] = t
	c.reportPending(t)
	c.opts.Logger.Info("checkpoint triggered", "checkpoint", id, "type", r.Properties.Type.Name,
		"periodic", r.Periodic, "tasks", len(p.Wait), "finishedTasks", len(p.Finished))
	return t, nil
}

// initializeLocation decides where the checkpoint goes. The directory of a savepoint
// is written down before anything is in it, so that a crash leaves nothing that
// nobody knows of; those of checkpoints follow from their ids.
func (c *Coordinator) initializeLocation(t *taking) (*storage.CheckpointStorageLocation, error) {
	st := c.opts.Checkpointing.Storage
	if !t.savepoint() {
		location, err := st.InitializeLocationForCheckpoint(t.ID())
		return location, ioFailure(err)
	}
	location, err := st.InitializeLocationForSavepoint(t.ctx, t.request.Target)
	if err != nil {
		return nil, ioFailure(err)
	}
	journal, ok := c.opts.Store.(completed.Journal)
	if !ok {
		return location, nil
	}
	c.ledger.Lock()
	err = journal.Started(c.ctx, completed.Leftover{ID: t.ID(), Directory: location.ExclusiveDirectory(), Savepoint: true})
	c.ledger.Unlock()
	if err != nil {
		c.noticeFence(err)
		return nil, ioFailure(err)
	}
	return location, nil
}

func ioFailure(err error) error {
	if err == nil {
		return nil
	}
	return &checkpoint.Failure{Reason: checkpoint.IOException, Cause: err}
}

// stillTaking adds to an error that the checkpoint was given up.
func (c *Coordinator) stillTaking(t *taking, err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if gone := c.givenUp(t); gone != nil {
		return gone
	}
	return err
}

// givenUp returns why a checkpoint that was being triggered is not any more.
func (c *Coordinator) givenUp(t *taking) error {
	if t.failure == nil {
		return nil
	}
	return &checkpoint.Failure{Reason: checkpoint.TriggerCheckpointFailure, Cause: t.failure}
}

// triggered ends the way of a request to the tasks, with or without an error, and
// lets the next one go.
func (c *Coordinator) triggered(r *request.Request, t *taking, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.underway.triggering = false
	switch {
	case err == nil:
		c.completeIfAcknowledged(t)
	case t == nil:
		failure := triggerFailure(err)
		c.opts.Statistics.ReportFailedBeforePending()
		c.refuse(r, failure)
		c.countFailure(noCheckpointID, r.Properties, failure, false)
	default:
		c.abort(t, triggerFailure(err), false)
	}
	c.serve()
}

// noCheckpointID stands for a checkpoint that got none.
const noCheckpointID = -1

// triggerFailure finds the reason in an error, as Flink does: that of the failure
// in it, else I/O, else that triggering failed.
func triggerFailure(err error) *checkpoint.Failure {
	var failure *checkpoint.Failure
	var pathError *fs.PathError
	switch {
	case errors.As(err, &failure):
		return failure
	case errors.As(err, &pathError):
		return &checkpoint.Failure{Reason: checkpoint.IOException, Cause: err}
	}
	return &checkpoint.Failure{Reason: checkpoint.TriggerCheckpointFailure, Cause: err}
}
