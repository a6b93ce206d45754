package execution

import (
	"context"
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/coordinator/work"
)

// ErrNotRunning says that the job does not run, or is being stopped already.
var ErrNotRunning = errors.New("the job is not running")

// StopIncomplete says that a job has its savepoint and yet did not finish with it. The
// savepoint is whole; what the job had held back for it may be visible already.
type StopIncomplete struct {
	Savepoint string // pointer
	Cause     error
}

// Error says what there is, and what to do.
func (e *StopIncomplete) Error() string {
	return fmt.Sprintf("execution: savepoint %s is complete, but the job did not finish with it: %s; "+
		"what runs now has gone back to the latest checkpoint: to go on from the savepoint, cancel it and start from there", e.Savepoint, e.Cause)
}

// Unwrap returns why the job did not finish.
func (e *StopIncomplete) Unwrap() error { return e.Cause }

// Stopping is a job that was asked to end with a savepoint. It is safe for use by many
// goroutines at once.
type Stopping struct {
	executor  work.Executor
	done      chan struct{}
	savepoint *completed.Checkpoint
	err       error

	// The main thread's.
	taken     *completed.Checkpoint // the savepoint, while the tasks finish
	disturbed error                 // tasks were started again since it was asked for
	settled   bool
}

// Done is closed when the job has finished with its savepoint, or will not.
func (s *Stopping) Done() <-chan struct{} { return s.done }

// Result returns the savepoint with which the job has finished, after Done. An error
// is that of the savepoint, and the job goes on; or it is a [*StopIncomplete].
func (s *Stopping) Result() (*completed.Checkpoint, error) {
	<-s.done
	return s.savepoint, s.err
}

// Wait waits for the result, or for the end of the context, whose error it returns
// then. Giving up does not keep the job from stopping.
func (s *Stopping) Wait(ctx context.Context) (*completed.Checkpoint, error) {
	if err := s.executor.Await(ctx, s.done); err != nil {
		return nil, err
	}
	return s.Result()
}

// StopWithSavepoint ends the job with a savepoint, in the target or else the default
// directory (Flink: stop-with-savepoint): its tasks process nothing behind the
// savepoint, and finish when it is complete. With drain time runs to its end first, for
// a job that is not to go on from it.
//
// If there is no savepoint, the job goes on. If there is, but some task does not finish,
// all tasks are started again from the latest checkpoint.
func (g *Graph) StopWithSavepoint(target string, format checkpoint.SavepointFormat, drain bool) *Stopping {
	s := &Stopping{executor: g.executor, done: make(chan struct{})}
	g.main.post(func() { g.stop(s, target, format, drain) })
	return s
}

// stop lets no checkpoint come between the savepoint and the end: what is committed is
// in the savepoint (Flink: SchedulerBase.stopWithSavepoint).
func (g *Graph) stop(s *Stopping, target string, format checkpoint.SavepointFormat, drain bool) {
	if g.status != Running || g.stopping != nil || g.checkpoints == nil {
		s.settle(nil, ErrNotRunning)
		return
	}
	g.stopping = s
	g.checkpoints.StopCheckpointScheduler()
	promise := g.checkpoints.StopWithSavepoint(target, format, drain)
	promise.Then(func() { g.main.post(func() { g.savepointEnded(s, promise) }) })
}

// savepointEnded is when there is a savepoint, or none. The tasks may have ended by now.
func (g *Graph) savepointEnded(s *Stopping, promise *request.Promise) {
	savepoint, err := promise.Result()
	if err != nil {
		g.noSavepoint(s, err)
		return
	}
	s.taken = savepoint
	if g.ending {
		g.endStop()
	} else if cause := s.disturbed; cause != nil {
		g.failGlobal(g.stopIncomplete(cause))
	}
}

// noSavepoint lets the job go on.
func (g *Graph) noSavepoint(s *Stopping, err error) {
	g.stopping = nil
	if g.status == Running && g.periodic {
		g.startScheduler()
	}
	s.settle(nil, err)
}

// stopIncomplete ends a stop that has its savepoint because of a failure; nil if there
// is none.
func (g *Graph) stopIncomplete(cause error) error {
	s := g.stopping
	if s == nil || s.taken == nil {
		return nil
	}
	g.stopping = nil
	incomplete := &StopIncomplete{Savepoint: s.taken.ExternalPointer(), Cause: cause}
	s.settle(nil, incomplete)
	return incomplete
}

// disturbStop remembers that tasks are started again, which then do not finish with the
// savepoint, if there will be one.
func (g *Graph) disturbStop(cause error) {
	if g.stopIncomplete(cause) == nil && g.stopping != nil {
		g.stopping.disturbed = cause
	}
}

// endStop is a stop at the end of the job. One whose savepoint is not there yet hears
// from the coordinator.
func (g *Graph) endStop() {
	s := g.stopping
	if s == nil || s.taken == nil {
		return
	}
	if g.status == Finished {
		g.stopping = nil
		s.settle(s.taken, nil)
		return
	}
	_ = g.stopIncomplete(fmt.Errorf("execution: the job is %s", g.status))
}

func (s *Stopping) settle(savepoint *completed.Checkpoint, err error) {
	if !s.settled {
		s.settled, s.savepoint, s.err = true, savepoint, err
		close(s.done)
	}
}
