package coordinator

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

// AbortPendingCheckpoints gives up all checkpoints that are being taken, or on their way
// to the tasks, because these are restarted ([checkpoint.JobFailoverRegion], which nil
// stands for). What is queued stays. One whose metadata is being published is completed nonetheless, and a
// restore waits for it.
func (c *Coordinator) AbortPendingCheckpoints(failure *checkpoint.Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.abortPending(cmp.Or(failure, &checkpoint.Failure{Reason: checkpoint.JobFailoverRegion}))
}

// FailUnacknowledgedPendingCheckpoints gives up the checkpoints that a failed attempt
// has not acknowledged, and now never will. A nil cause is one that nobody knows.
func (c *Coordinator) FailUnacknowledgedPendingCheckpoints(attempt task.ExecutionAttempt, cause error) {
	if cause == nil {
		cause = errNoReason
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.underway.all() {
		if !t.AcknowledgedBy(attempt) {
			c.abort(t, &checkpoint.Failure{Reason: checkpoint.TaskFailure, Cause: fmt.Errorf("task %s: %w", attempt, cause)}, true)
		}
	}
}

var errNoReason = errors.New("nobody said why it failed")

// abortForRestore gives up what is being taken, if the caller of a restore has not:
// its tasks are not those that will run.
func (c *Coordinator) abortForRestore() {
	if c.opts.Checkpointing != nil {
		c.abortPending(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
	}
}

func (c *Coordinator) abortPending(failure *checkpoint.Failure) {
	c.underway.givenUp++
	c.underway.lastGivenUp = failure
	for _, t := range c.underway.all() {
		c.abort(t, failure, false)
	}
}

// abortAll gives up the queue too.
func (c *Coordinator) abortAll(failure *checkpoint.Failure) {
	for _, r := range c.underway.decider.Drain() {
		c.refuse(r, failure)
	}
	c.abortPending(failure)
}

// expire gives up a checkpoint that takes too long. If its metadata is on its way to
// the store that is called back, and how that ends decides.
func (c *Coordinator) expire(t *taking) {
	c.mu.Lock()
	defer c.mu.Unlock()
	failure := &checkpoint.Failure{
		Reason: checkpoint.CheckpointExpired,
		Cause:  fmt.Errorf("not complete after %s; waiting for %s", c.opts.Checkpointing.Config.Timeout, t.awaits()),
	}
	if t.phase == publishing {
		t.cancel(failure)
		return
	}
	c.abort(t, failure, false)
}

// abort gives up a checkpoint, in the one place where that is done. It does nothing
// to one that is over, nor to one that is being completed.
func (c *Coordinator) abort(t *taking, failure *checkpoint.Failure, byTask bool) {
	if t == nil || t.phase != collecting {
		return
	}
	c.give(t, failure, byTask)
	c.notifyAborted(t)
	c.dispose(t)
}

// give ends a checkpoint without success, and leaves its files alone.
func (c *Coordinator) give(t *taking, failure *checkpoint.Failure, byTask bool) {
	c.end(t, failure)
	c.opts.Logger.Info("checkpoint aborted", "checkpoint", t.ID(), "type", t.Properties().Type.Name, "reason", failure.Error())
	c.reportFailed(t, failure)
	t.request.Fail(fmt.Errorf("coordinator: checkpoint %d: %w", t.ID(), failure))
	c.countFailure(t.ID(), t.Properties(), failure, byTask)
	c.serve()
}

// end takes a checkpoint out of what is being taken, and ends its context, which the
// coordinator's would else keep.
func (c *Coordinator) end(t *taking, failure *checkpoint.Failure) {
	t.phase, t.failure = over, failure
	t.expiry.Stop()
	t.Dispose()
	delete(c.underway.taking, t.ID())
	c.underway.ended.add(t.ending())
	if failure == nil {
		t.cancel(nil)
	} else {
		t.cancel(failure)
	}
}

// countFailure fails the job if that was one failure too many. A coordinator without a
// say has failed it already, for that reason.
func (c *Coordinator) countFailure(id int64, properties checkpoint.Properties, failure *checkpoint.Failure, byTask bool) {
	if c.fenced != nil {
		return
	}
	cause := c.underway.failures.PendingAborted(id, properties, failure, byTask)
	if cause != nil {
		c.opts.Logger.Error("the job fails for its checkpoints", "checkpoint", id, "cause", cause)
		c.failJob(cause)
	}
}

func (c *Coordinator) failJob(cause error) {
	fail := c.opts.Checkpointing.FailJob
	c.opts.Executor.Go(func() { fail(cause) })
}
