package execution

import (
	"errors"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/task"
)

// FailGlobal says that something is wrong with the job as a whole: all its tasks are
// started again, from the latest checkpoint, if the restart strategy allows. The
// checkpoint coordinator says so when too many checkpoints failed.
func (g *Graph) FailGlobal(cause error) {
	g.main.post(func() { g.failGlobal(cause) })
}

// failGlobal suspends a job that another coordinator has taken over: to start it again
// here would be to run it twice.
func (g *Graph) failGlobal(cause error) {
	switch {
	case errors.Is(cause, completed.ErrFenced):
		g.windDown(Suspended, cause)
	case g.status == Created:
		g.fail(cause)
	case g.status.runs():
		g.failover(g.subtasks, cause, true)
	}
}

// FailTask says that an attempt must not go on, whatever it says itself. Its region is
// started again once it has ended.
func (g *Graph) FailTask(attempt task.ExecutionAttempt, cause error) {
	g.main.post(func() {
		if s := g.find(attempt); s != nil && s.current.live() && s.current.state != task.Canceling {
			g.taskFailed(s, cause)
		}
	})
}

// taskFailed is the end of an attempt that was to go on. Its region fails with it.
func (g *Graph) taskFailed(s *subtask, cause error) {
	if !g.status.runs() {
		return
	}
	g.subtaskFailed(s, cause)
	if incomplete := g.stopIncomplete(cause); incomplete != nil {
		g.failover(g.subtasks, incomplete, true)
		return
	}
	g.failover(s.region.subtasks, cause, false)
}

// failover has the subtasks end, and started again after the strategy's wait.
// Checkpoints that are being taken will not complete: what was asked is not there any
// more.
func (g *Graph) failover(subtasks []*subtask, cause error, global bool) {
	wait, again := g.strategy.Failed(g.clock.Now(), cause)
	if !again || errors.Is(cause, ErrUnrecoverable) {
		g.fail(cause)
		return
	}
	g.log.WarnContext(g.ctx, "restarting tasks", "tasks", len(subtasks), "of", len(g.subtasks), "wait", wait, "cause", cause)
	g.disturbStop(cause)
	g.abortPending(cause)
	g.turn(Restarting, cause)
	r := g.newRestart(subtasks, global)
	for _, s := range subtasks {
		g.cancelForRestart(s)
	}
	r.timer = g.clock.AfterFunc(wait, func() {
		g.main.post(func() { r.waited = true; g.tryRestart(r) })
	})
}

func (g *Graph) abortPending(cause error) {
	if g.checkpoints != nil {
		g.checkpoints.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion, Cause: cause})
	}
}

// cancelForRestart tells operator coordinators of the end of the attempt, too, unless
// it failed, which they know.
func (g *Graph) cancelForRestart(s *subtask) {
	if s.current.live() || s.current.state == task.Finished {
		g.subtaskFailed(s, nil)
	}
	g.cancelTask(s)
}

// cancelTask asks the current attempt to end, if it has begun and not ended.
func (g *Graph) cancelTask(s *subtask) {
	switch {
	case s.current.state == task.Created:
		g.move(s, task.Canceled)
	case g.move(s, task.Canceling) && s.current.task != nil:
		s.current.task.Cancel()
	}
}
