package execution

import (
	"errors"
	"testing"

	"github.com/cairnstate/cairn/task"
)

func TestRunToTheEnd(t *testing.T) {
	r := newRig(t, nil)
	r.tells()
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.tells("start scheduler", "job is RUNNING",
		"deploy source.0#0", "deploy source.1#0", "deploy sink.0#0", "deploy sink.1#0")

	r.report("source.0#0", task.Initializing)
	r.report("source.0#0", task.Running)
	r.report("sink.0#0", task.Running)
	r.report("source.1#0", task.Running)
	r.report("source.1#0", task.Finished)
	if got, want := r.states(), "source.0#0=RUNNING source.1#0=FINISHED sink.0#0=RUNNING sink.1#0=DEPLOYING"; got != want {
		t.Errorf("states %s, want %s", got, want)
	}
	r.report("sink.0#0", task.Finished)
	r.report("sink.1#0", task.Finished)
	r.tells()
	r.report("source.0#0", task.Finished)
	r.tells("stop scheduler", "job is FINISHED", "shut down coordinator FINISHED")
	if status, err := r.Result(); status != Finished || err != nil {
		t.Error(status, err)
	}
}

func TestStartIsOnce(t *testing.T) {
	r := newRig(t, nil)
	for i, want := range []error{nil, ErrStarted} {
		if err := r.Start(t.Context()); !errors.Is(err, want) {
			t.Errorf("start %d: %v", i+1, err)
		}
	}
}

// What an attempt says that is not the current one any more, or that never was, or
// that goes backwards, changes nothing.
func TestUpdatesThatAreNotHeard(t *testing.T) {
	r := running(t, &FixedDelay{Attempts: 9})
	r.report("source.0#0", task.Failed)
	r.report("sink.0#0", task.Canceled)
	r.pass(0)
	const renewed = "source.0#1=DEPLOYING source.1#0=RUNNING sink.0#1=DEPLOYING sink.1#0=RUNNING"
	if r.states() != renewed {
		t.Fatal(r.states())
	}
	r.story = nil
	for _, state := range []task.State{task.Created, task.Deploying, task.Initializing, task.Running, task.Canceling, task.Canceled, task.Finished, task.Failed} {
		r.report("source.0#0", state)
		r.report("sink.0#0", state)
	}
	for _, state := range []task.State{task.Created, task.Deploying, task.Initializing, task.Running, task.Canceling} {
		r.report("source.1#0", state)
	}
	stranger := r.tasks["source.1#0"].id
	stranger.Graph[0]++
	r.UpdateTaskState(stranger, task.Failed, errBroken)
	stranger = r.tasks["source.1#0"].id
	stranger.Subtask = 2
	r.UpdateTaskState(stranger, task.Failed, errBroken)
	stranger.Vertex[0]++
	r.UpdateTaskState(stranger, task.Failed, errBroken)
	r.tells()
	if r.states() != renewed {
		t.Errorf("states %s, want %s", r.states(), renewed)
	}
}

// A task that ends as if it had been asked to has failed.
func TestCancelledUnasked(t *testing.T) {
	r := running(t, NoRestart{})
	r.report("source.0#0", task.Canceled)
	if r.Status() != Failing || !errors.Is(r.err, errNotAsked) {
		t.Error(r.Status(), r.err)
	}
}
