package local_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/stream"
	"github.com/cairnstate/cairn/task/local"
	"github.com/cairnstate/cairn/task/program"
)

// waiting is a source that has nothing for an hour.
type waiting struct{ calls int }

func (w *waiting) Open(context.Context, *program.Subtask) error { return nil }

func (w *waiting) Next(ctx context.Context, _ func(int64) error) error {
	w.calls++
	select {
	case <-time.After(time.Hour):
		return errOnPurpose
	case <-ctx.Done():
		return ctx.Err()
	}
}

// silent is a sink.
type silent struct{}

func (silent) Open(context.Context, *program.Subtask) error { return nil }
func (silent) Write(context.Context, int64) error           { return nil }

// waitingJob is a job whose source waits.
func waitingJob(t *testing.T, source *waiting) (*program.Program, *stream.Environment) {
	t.Helper()
	env, err := stream.NewEnvironment(nil)
	must(t, err)
	env.Checkpointing.Directory = "mem://b/ck"
	must(t, env.EnableCheckpointing(time.Second))
	p := program.New(env)
	program.Write(program.Read(p, "waiting", nil, func() program.Source[int64] { return source }), "silent", nil,
		func() program.Sink[int64] { return silent{} })
	return p, env
}

// A source that waits for records is called away for each checkpoint, and for the end.
func TestSourcesAreCalledAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		source := new(waiting)
		p, _ := waitingJob(t, source)
		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(10500*time.Millisecond, func() { stop(errOnPurpose) })
		must(t, local.Run(ctx, id(), p, s, options()))
		if source.calls < 10 {
			t.Errorf("it was called %d times in 10 s, with a checkpoint each second", source.calls)
		}
	})
}

func TestWhatCannotRunIsRefused(t *testing.T) {
	s, _ := memory(t)
	p, env := waitingJob(t, new(waiting))
	env.Checkpointing.Unaligned = true
	if _, err := local.Start(t.Context(), id(), p, s, options()); !errors.Is(err, local.ErrUnaligned) {
		t.Errorf("unaligned: %v", err)
	}
	p, env = waitingJob(t, new(waiting))
	env.Checkpointing.Directory = ""
	if _, err := local.Start(t.Context(), id(), p, s, options()); err == nil {
		t.Error("without a directory: no error")
	}
}

// TestAJobWithoutIDLeavesNothing: nothing is written in the name of nobody.
func TestAJobWithoutIDLeavesNothing(t *testing.T) {
	s, host := memory(t)
	p, _ := waitingJob(t, new(waiting))
	if err := local.Run(t.Context(), checkpoint.JobID{}, p, s, options()); err == nil || !strings.Contains(err.Error(), "the job has no id") {
		t.Errorf("ran: %v", err)
	}
	for info, err := range host.Store("b").List(t.Context(), "") {
		t.Errorf("left %s, %v", info.Key, err)
	}
	if err := local.Run(t.Context(), id(), p, nil, options()); err == nil || !strings.Contains(err.Error(), "no storage") {
		t.Errorf("without storage: %v", err)
	}
}

// failing is a source that cannot be opened.
type failing struct{ waiting }

func (failing) Open(context.Context, *program.Subtask) error { return errOnPurpose }

// A job that fails says why, and waits for all it had begun.
func TestFailedJobs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		env, err := stream.NewEnvironment(nil)
		must(t, err)
		env.Checkpointing.Directory = "mem://b/ck"
		env.Checkpointing.Mode = checkpointing.AtLeastOnce
		p := program.New(env)
		program.Write(program.Read(p, "failing", nil, func() program.Source[int64] { return new(failing) }), "silent", nil,
			func() program.Sink[int64] { return silent{} })
		o := options()
		o.Restart = execution.NoRestart{}
		if err := local.Run(t.Context(), id(), p, s, o); !errors.Is(err, errOnPurpose) {
			t.Errorf("%v", err)
		}
	})
}
