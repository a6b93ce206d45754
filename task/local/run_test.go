package local_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/local"
)

// memory is a storage that outlives the jobs of a test.
func memory(t *testing.T) (*storage.BackendStorage, *mem.Host) {
	t.Helper()
	host := new(mem.Host)
	var registry backend.Registry
	registry.Register(host.Open, "mem")
	s, err := storage.New(&registry, nil)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s, host
}

// id is the job of all tests.
func id() checkpoint.JobID { return checkpoint.JobID{1} }

func options() *local.Options {
	return &local.Options{AllowVolatile: true, Restart: &execution.FixedDelay{Attempts: 100, Delay: time.Second}}
}

// A job of bounded sources runs to its end, and a last checkpoint lets out what sinks
// held back, at any parallelism.
func TestRunToTheEnd(t *testing.T) {
	for parallelism := int32(1); parallelism <= 5; parallelism++ {
		t.Run(fmt.Sprint(parallelism), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _ := memory(t)
				shelf := newShelf()
				p := counting(t, shelf, 500, parallelism, time.Second, nil)
				must(t, local.Run(t.Context(), id(), p, s, options()))
				shelf.check(t, 500)
			})
		})
	}
}

// A subtask that fails takes the job back to its latest checkpoint, again and again.
func TestFailuresAreRestarted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		shelf := newShelf()
		failures := 0
		p := counting(t, shelf, 2000, 2, 100*time.Millisecond, func(s split) {
			time.Sleep(time.Millisecond) // of the test's clock
			if s.Number == 3 && s.Next%400 == 399 && failures < 12 {
				failures++
				panic(errOnPurpose)
			}
		})
		must(t, local.Run(t.Context(), id(), p, s, options()))
		if failures != 12 {
			t.Errorf("%d failures, want 12", failures)
		}
		shelf.check(t, 2000)
	})
}

// A job that is stopped with a savepoint goes on from it, at another parallelism.
func TestStopWithSavepoint(t *testing.T) {
	for _, drain := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s, _ := memory(t)
			shelf := newShelf()
			slow := func(split) { time.Sleep(time.Millisecond) }
			job, err := local.Start(t.Context(), id(), counting(t, shelf, 2000, 2, time.Second, slow), s, options())
			must(t, err)
			time.Sleep(1500 * time.Millisecond)
			savepoint, err := job.StopWithSavepoint("", checkpoint.Canonical, drain).Wait(context.Background())
			must(t, err)
			if status, err := job.Result(); status != execution.Finished || err != nil {
				t.Fatalf("%s: %v", status, err)
			}
			if len(shelf.pending) != 0 {
				t.Errorf("%d transactions are left behind a savepoint", len(shelf.pending))
			}
			p, env := countingFrom(t, shelf, 2000, 3, time.Second, nil)
			env.Checkpointing.Restore.Path = savepoint.ExternalPointer()
			must(t, local.Run(t.Context(), id(), p, s, options()))
			shelf.check(t, 2000)
		})
	}
}

// A job without periodic checkpoints forgets all when it ends, and the log says so.
func TestNoPeriodicCheckpointsAreWarnedOf(t *testing.T) {
	for interval, want := range map[time.Duration]int{0: 1, time.Second: 0} {
		synctest.Test(t, func(t *testing.T) {
			s, _ := memory(t)
			p, env := waitingJob(t, new(waiting))
			env.Checkpointing.Interval = interval
			var log bytes.Buffer
			opts := options()
			opts.Runtime.Logger = slog.New(slog.NewTextHandler(&log, nil))
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			must(t, local.Run(ctx, id(), p, s, opts))
			if strings.Count(log.String(), "call EnableCheckpointing") != want {
				t.Errorf("every %v: %s", interval, log.String())
			}
		})
	}
}
