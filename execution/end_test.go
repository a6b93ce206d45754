package execution

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cairnstate/cairn/task"
)

func TestCancel(t *testing.T) {
	r := running(t, nil)
	r.Cancel()
	r.tells("stop scheduler", "job is CANCELLING", "cancel source.0#0", "cancel source.1#0", "cancel sink.0#0", "cancel sink.1#0")
	r.Cancel()
	r.tells()
	r.reportFor("source.0#0", task.Failed, errBroken)
	r.report("source.1#0", task.Finished)
	r.report("sink.0#0", task.Canceled)
	r.tells()
	r.report("sink.1#0", task.Canceled)
	r.tells("stop scheduler", "job is CANCELED", "shut down coordinator CANCELED")
	r.Cancel()
	r.Suspend(nil)
	r.FailGlobal(errBroken)
	r.tells()
	if status, err := r.Result(); status != Cancelled || err != nil {
		t.Error(status, err)
	}
}

func TestFail(t *testing.T) {
	r := running(t, nil)
	r.strategy = NoRestart{}
	r.reportFor("sink.0#0", task.Failed, errBroken)
	r.tells("stop scheduler", "job is FAILING: broken", "cancel source.0#0", "cancel source.1#0", "cancel sink.1#0")
	r.reportFor("sink.1#0", task.Failed, errors.New("it fails, too"))
	r.report("source.0#0", task.Canceled)
	r.report("source.1#0", task.Canceled)
	r.tells("stop scheduler", "job is FAILED: broken", "shut down coordinator FAILED")
	if status, err := r.Result(); status != Failed || !errors.Is(err, errBroken) {
		t.Error(status, err)
	}
}

// Suspended is suspended at once, and ends when the tasks have ended.
func TestSuspend(t *testing.T) {
	r := running(t, nil)
	r.Suspend(errBroken)
	r.tells("stop scheduler", "job is SUSPENDED: broken", "cancel source.0#0", "cancel source.1#0", "cancel sink.0#0", "cancel sink.1#0")
	for _, name := range []string{"source.0#0", "source.1#0", "sink.0#0"} {
		r.report(name, task.Canceled)
	}
	select {
	case <-r.Done():
		t.Error("done while a task runs")
	default:
	}
	r.report("sink.1#0", task.Canceled)
	r.tells("shut down coordinator SUSPENDED")
	if status, err := r.Result(); status != Suspended || !errors.Is(err, errBroken) {
		t.Error(status, err)
	}
}

func TestEndBeforeStart(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(*Graph)
		want JobStatus
	}{
		"cancel":  {(*Graph).Cancel, Cancelled},
		"suspend": {func(g *Graph) { g.Suspend(nil) }, Suspended},
		"fail":    {func(g *Graph) { g.FailGlobal(errBroken) }, Failed},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := withSplits(t)
			test.end(r.Graph)
			if err := r.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.run()
			r.dropTo("splits close")
			if status, _ := r.Result(); status != test.want || len(r.tasks) > 0 {
				t.Errorf("the job is %s, and has started %d tasks", status, len(r.tasks))
			}
			if err := r.Start(t.Context()); !errors.Is(err, ErrStarted) {
				t.Errorf("started after the end: %v", err)
			}
		})
	}
}

// What waits to be started again is not.
func TestEndDuringRestart(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(*Graph)
		want JobStatus
	}{
		"cancel":  {(*Graph).Cancel, Cancelled},
		"suspend": {func(g *Graph) { g.Suspend(nil) }, Suspended},
	} {
		t.Run(name, func(t *testing.T) {
			r := running(t, &FixedDelay{Attempts: 9, Delay: time.Second})
			r.reportFor("sink.1#0", task.Failed, errBroken)
			test.end(r.Graph)
			r.run()
			if r.waits() != 0 {
				t.Error("a timer is left")
			}
			for _, name := range []string{"source.0#0", "source.1#0", "sink.0#0"} {
				r.report(name, task.Canceled)
			}
			if status, _ := r.Result(); status != test.want {
				t.Errorf("the job is %s", status)
			}
			if len(r.tasks) != 4 {
				t.Errorf("%d tasks were started", len(r.tasks))
			}
		})
	}
}

// Whoever ends a job does not wait for its restore.
func TestEndDuringRestore(t *testing.T) {
	for name, end := range map[string]func(*Graph){"cancel": (*Graph).Cancel, "suspend": func(g *Graph) { g.Suspend(nil) }} {
		t.Run(name, func(t *testing.T) {
			r := running(t, &FixedDelay{Attempts: 9})
			r.meanwhile = func() { end(r.Graph) }
			r.restart("sink.1#0", "source.1#0")
			r.meanwhile = nil
			r.report("source.0#0", task.Canceled)
			r.report("sink.0#0", task.Canceled)
			if status, err := r.Result(); !status.Terminal() || err != nil || len(r.tasks) != 4 {
				t.Errorf("the job is %s: %v; %d tasks were started", status, err, len(r.tasks))
			}
		})
	}
}

// Whoever waits for a failing job may still cancel it (Flink: FAILING to CANCELLING).
func TestCancelWhileFailing(t *testing.T) {
	r := running(t, NoRestart{})
	r.reportFor("sink.1#0", task.Failed, errBroken)
	r.Cancel()
	r.run()
	for _, name := range []string{"source.0#0", "source.1#0", "sink.0#0"} {
		r.report(name, task.Canceled)
	}
	if status, err := r.Result(); status != Cancelled || !errors.Is(err, errBroken) {
		t.Error(status, err)
	}
}

func TestWait(t *testing.T) {
	r := running(t, nil)
	gone := errors.New("gone home")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	if status, err := r.Wait(ctx); status != Running || !errors.Is(err, gone) {
		t.Error(status, err)
	}
	for _, name := range []string{"source.0#0", "source.1#0", "sink.0#0", "sink.1#0"} {
		r.report(name, task.Finished)
	}
	if status, err := r.Wait(t.Context()); status != Finished || err != nil {
		t.Error(status, err)
	}
}
