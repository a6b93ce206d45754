package execution

import (
	"context"
	"errors"

	"github.com/cairnstate/cairn/coordinator/completed"
)

// Cancel has all tasks end, and then the job: CANCELED.
func (g *Graph) Cancel() {
	g.interrupt()
	g.main.post(func() { g.windDown(Cancelling, nil) })
}

// Suspend ends the job here, to go on elsewhere, from what is retained. Its tasks are
// asked to end.
func (g *Graph) Suspend(cause error) {
	g.interrupt()
	g.main.post(func() { g.windDown(Suspended, cause) })
}

// interrupt ends a restore that is under way: whoever ends a job need not wait for a
// store that does not answer.
func (g *Graph) interrupt() {
	g.mu.Lock()
	halt := g.halt
	g.mu.Unlock()
	halt(errEnds)
}

var errEnds = errors.New("execution: the job ends")

// fail has all tasks end, and then the job: FAILED.
func (g *Graph) fail(cause error) { g.windDown(Failing, cause) }

// windDown is the way to each end but that which all tasks reach by themselves.
func (g *Graph) windDown(to JobStatus, cause error) {
	if !g.turn(to, cause) {
		return
	}
	if cause != nil {
		g.addError(cause)
	}
	g.dropRestarts()
	for _, s := range g.subtasks {
		g.cancelTask(s)
	}
	g.tryEnd()
}

// tryEnd ends the job if its tasks have (Flink: allVerticesInTerminalState).
func (g *Graph) tryEnd() {
	switch {
	case g.ending || g.live > 0:
		return
	case g.status == Running && g.finished == len(g.subtasks):
		g.turn(Finished, nil)
	case g.status == Cancelling:
		g.turn(Cancelled, nil)
	case g.status == Failing:
		g.turn(Failed, g.err)
	case g.status != Suspended:
		return
	}
	g.ending = true
	g.endStop()
	g.executor.Go(g.shutDown)
}

// shutDown ends the coordinator with the job, beside the main thread, for it deletes
// what the end leaves nobody.
func (g *Graph) shutDown() {
	g.interrupt()
	if err := g.closeOperators(); err != nil {
		g.addError(err)
	}
	if g.checkpoints != nil {
		if err := g.checkpoints.Shutdown(g.ctx, completed.JobStatus(g.Status())); err != nil {
			g.addError(err)
		}
	}
	g.main.post(func() { close(g.done) })
}

func (g *Graph) addError(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err = errors.Join(g.err, err)
}

// Done is closed when the job has ended, all its tasks have, and its coordinator is
// shut down.
func (g *Graph) Done() <-chan struct{} { return g.done }

// Result returns how the job ended, after Done. The error is why it failed or was
// suspended, with what went wrong when the coordinator was shut down.
func (g *Graph) Result() (JobStatus, error) {
	<-g.done
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.status, g.err
}

// Wait waits for the end of the job, or of the context, whose error it returns then.
func (g *Graph) Wait(ctx context.Context) (JobStatus, error) {
	if err := g.executor.Await(ctx, g.done); err != nil {
		return g.Status(), err
	}
	return g.Result()
}
