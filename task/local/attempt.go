package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/task"
	"github.com/cairnstate/cairn/task/barrier"
)

// attempt is one try of one subtask. Its loop runs in one goroutine, which everything
// here belongs to but for what says otherwise.
type attempt struct {
	runtime    *Runtime
	deployment execution.Deployment
	log        *slog.Logger
	ctx        context.Context // ends when the attempt is cancelled
	cancel     context.CancelCauseFunc

	mail    *mailbox           // anybody's
	writes  *writes            // anybody's
	gate    *barrier.Gate[any] // nil for sources
	chain   []*running         // operators, each before those that it sends to
	outputs []*output          // of all operators
	held    []task.Barrier     // to start a checkpoint with, when all producers have ended
	stopFor int64              // the savepoint to end with; 0 for none
	input   input
	final   int64 // the first checkpoint behind the last record; 0 if there was none yet
	ended   bool
}

// input is how far a subtask has come with its records.
type input uint8

const (
	flowing input = iota
	dry           // there are no more, and operators have finished
)

var errCanceled = errors.New("local: the subtask was cancelled")

// newAttempt takes the places in all queues, so that nothing is missed that producers
// send before the attempt runs.
func newAttempt(r *Runtime, d execution.Deployment) *attempt {
	a := &attempt{runtime: r, deployment: d, mail: newMailbox()}
	a.log = r.opts.Logger.With("task", d.Attempt.String(), "vertex", d.Job.Vertex(d.Vertex).Name)
	a.ctx, a.cancel = context.WithCancelCause(context.Background())
	a.writes = newWrites(r.opts.Clock, r.opts.Grace)
	if channels := r.wiring.channels(d.Job, d.Vertex, d.Attempt.Subtask); channels > 0 {
		a.gate = r.gate(d.Attempt, channels)
	}
	for _, op := range r.wiring.vertices[d.Vertex].operators {
		for _, edge := range op.outputs {
			a.outputs = append(a.outputs, r.output(a.ctx, &d, edge))
		}
	}
	return a
}

// run is the life of the attempt. Its end is told when nothing of it is left.
func (a *attempt) run() {
	a.tell(task.Initializing, nil)
	err := a.protect(a.live)
	a.mail.close()
	canceled := context.Cause(a.ctx) != nil
	a.cancel(errEnded)
	err = errors.Join(err, a.protect(a.closeOperators))
	a.writes.end(err != nil || canceled)
	switch {
	case canceled:
		a.tell(task.Canceled, nil)
	case err != nil:
		a.tell(task.Failed, err)
	default:
		a.tell(task.Finished, nil)
	}
}

func (a *attempt) tell(state task.State, cause error) {
	a.deployment.Graph.UpdateTaskState(a.deployment.Attempt, state, cause)
}

// protect turns a panic of an operator into an error that says where.
func (a *attempt) protect(do func() error) (err error) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		failed, ok := cause.(error)
		if !ok {
			failed = fmt.Errorf("%v", cause)
		}
		err = fmt.Errorf("local: %s of %s panicked: %w\n%s", a.deployment.Attempt, a.deployment.Job.Vertex(a.deployment.Vertex).Name, failed, debug.Stack())
	}()
	return do()
}

func (a *attempt) live() error {
	if state := a.deployment.State; state != nil && state.FinishedOnRestore {
		return a.sendAll(element{Kind: barrier.End})
	}
	if err := a.open(); err != nil {
		return err
	}
	a.tell(task.Running, nil)
	if err := a.loop(); err != nil {
		return err
	}
	return a.sendAll(element{Kind: barrier.End})
}

// sendAll sends to all consumers of all operators.
func (a *attempt) sendAll(e element) error {
	for _, o := range a.outputs {
		if err := o.all(e); err != nil {
			return err
		}
	}
	return nil
}

// Cancel asks the attempt to end.
func (a *attempt) Cancel() {
	a.cancel(errCanceled)
	a.mail.close()
	a.writes.abandon()
}
