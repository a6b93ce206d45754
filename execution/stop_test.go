package execution

import (
	"errors"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task"
)

var all = []string{"source.0#0", "source.1#0", "sink.0#0", "sink.1#0"}

// stopping is a rig that was asked to stop, and waits for the savepoint.
func stopping(t *testing.T) (*rig, *Stopping) {
	r := running(t, &FixedDelay{Attempts: 9})
	s := r.StopWithSavepoint("target", checkpoint.Canonical, true)
	r.tells("stop scheduler", `savepoint to "target", CANONICAL, drain true`)
	return r, s
}

func (r *rig) finish(names ...string) {
	r.t.Helper()
	for _, name := range names {
		r.report(name, task.Finished)
	}
}

// place is where a savepoint is.
type place struct {
	storage.CompletedCheckpointStorageLocation
}

func (place) ExternalPointer() string { return "mem://savepoint-8" }

var taken = &completed.Checkpoint{ID: 8, Location: place{}}

func wantSavepoint(t *testing.T, s *Stopping) {
	t.Helper()
	if savepoint, err := s.Wait(t.Context()); savepoint != taken || err != nil {
		t.Error(savepoint, err)
	}
}

func wantPending(t *testing.T, s *Stopping) {
	t.Helper()
	select {
	case <-s.Done():
		t.Errorf("the stop is over: %v", s.err)
	default:
	}
}

func TestStopWithSavepoint(t *testing.T) {
	r, s := stopping(t)
	r.savepoint.Complete(taken)
	r.finish(all[:3]...)
	wantPending(t, s)
	r.tells()
	r.finish(all[3])
	r.tells("stop scheduler", "job is FINISHED", "shut down coordinator FINISHED")
	wantSavepoint(t, s)
}

// The tasks hear of the savepoint before the graph does.
func TestTasksFinishFirst(t *testing.T) {
	r, s := stopping(t)
	r.finish(all...)
	wantPending(t, s)
	r.savepoint.Complete(taken)
	r.run()
	wantSavepoint(t, s)
}

// Without the savepoint the job goes on, and so do its checkpoints.
func TestNoSavepoint(t *testing.T) {
	r, s := stopping(t)
	r.savepoint.Fail(errBroken)
	r.tells("start scheduler")
	if _, err := s.Wait(t.Context()); !errors.Is(err, errBroken) || r.Status() != Running {
		t.Error(err, r.Status())
	}
	r.StopWithSavepoint("again", checkpoint.Native, false)
	r.tells("stop scheduler", `savepoint to "again", NATIVE, drain false`)
}

// All tasks had ended by themselves, and there was nothing left to save.
func TestNothingLeftToSave(t *testing.T) {
	r, s := stopping(t)
	r.finish(all...)
	r.story = nil
	r.savepoint.Fail(errBroken)
	r.tells()
	if _, err := s.Result(); !errors.Is(err, errBroken) || r.Status() != Finished {
		t.Error(err, r.Status())
	}
}

func TestOneStopAtATime(t *testing.T) {
	r, first := stopping(t)
	second := r.StopWithSavepoint("", checkpoint.Canonical, false)
	r.tells()
	if _, err := second.Result(); !errors.Is(err, ErrNotRunning) {
		t.Error(err)
	}
	wantPending(t, first)
	r.savepoint.Complete(taken)
	r.finish(all...)
	late := r.StopWithSavepoint("", checkpoint.Canonical, false)
	r.run()
	if _, err := late.Result(); !errors.Is(err, ErrNotRunning) {
		t.Error(err)
	}
}

func wantIncomplete(t *testing.T, s *Stopping, cause error) {
	t.Helper()
	_, err := s.Wait(t.Context())
	if incomplete, ok := errors.AsType[*StopIncomplete](err); !ok || incomplete.Savepoint != "mem://savepoint-8" || cause != nil && !errors.Is(err, cause) {
		t.Errorf("the stop ended with %v", err)
	}
}

// A task that fails after the savepoint takes the whole job back.
func TestTaskFailsAfterSavepoint(t *testing.T) {
	r, s := stopping(t)
	r.savepoint.Complete(taken)
	r.finish("source.0#0", "sink.0#0")
	r.reportFor("sink.1#0", task.Failed, errBroken)
	wantIncomplete(t, s, errBroken)
	r.report("source.1#0", task.Canceled)
	r.story = nil
	r.pass(0)
	r.tells("abort: JOB_FAILOVER_REGION",
		"restore latest checkpoint to all, of source.0#1=CREATED source.1#1=CREATED sink.0#1=CREATED sink.1#1=CREATED",
		"start scheduler", "job is RUNNING",
		"deploy source.0#1", "deploy source.1#1", "deploy sink.0#1", "deploy sink.1#1")
}

// A region was restarted while the savepoint was completed: what runs in it is older
// than the savepoint, and would not finish.
func TestSavepointAfterTaskFailed(t *testing.T) {
	r, s := stopping(t)
	r.restart("sink.1#0", "source.1#0")
	if r.Status() != Running {
		t.Fatal(r.Status())
	}
	wantPending(t, s)
	r.savepoint.Complete(taken)
	r.run()
	wantIncomplete(t, s, errBroken)
	if r.Status() != Restarting {
		t.Errorf("the job is %s", r.Status())
	}
}

// As usual it is given up with the tasks that were to take it.
func TestTaskFailsBeforeSavepoint(t *testing.T) {
	r, s := stopping(t)
	r.reportFor("sink.1#0", task.Failed, errBroken)
	r.savepoint.Fail(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
	r.run()
	if _, err := s.Result(); checkpoint.ReasonOf(err, "") != checkpoint.JobFailoverRegion || r.Status() != Restarting {
		t.Error(err, r.Status())
	}
}

func TestOtherEndsOfAStop(t *testing.T) {
	t.Run("the whole job fails", func(t *testing.T) {
		r, s := stopping(t)
		r.savepoint.Complete(taken)
		r.FailGlobal(errBroken)
		r.run()
		wantIncomplete(t, s, errBroken)
	})
	t.Run("the job is cancelled", func(t *testing.T) {
		r, s := stopping(t)
		r.savepoint.Complete(taken)
		r.Cancel()
		for _, name := range all {
			r.report(name, task.Canceled)
		}
		wantIncomplete(t, s, nil)
		if r.Status() != Cancelled {
			t.Errorf("the job is %s", r.Status())
		}
	})
	t.Run("the job has failed for good", func(t *testing.T) {
		r, s := stopping(t)
		r.strategy = NoRestart{}
		r.reportFor("sink.1#0", task.Failed, errBroken)
		for _, name := range all[:3] {
			r.report(name, task.Canceled)
		}
		r.savepoint.Complete(taken) // it was on its way
		r.run()
		wantIncomplete(t, s, nil)
	})
}
