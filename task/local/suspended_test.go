package local_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/task/local"
)

// A job that is suspended goes on from its latest checkpoint, and has lost nothing and
// done nothing twice.
func TestSuspendedJobsGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		shelf := newShelf()
		slow := func(split) { time.Sleep(time.Millisecond) }
		for parallelism := range int32(4) {
			ctx, stop := context.WithTimeout(t.Context(), 1250*time.Millisecond)
			must(t, local.Run(ctx, id(), counting(t, shelf, 10_000, parallelism+1, 200*time.Millisecond, slow), s, options()))
			stop()
		}
		must(t, local.Run(t.Context(), id(), counting(t, shelf, 10_000, 2, time.Second, nil), s, options()))
		shelf.check(t, 10_000)
	})
}

// A job may end with a savepoint instead, and then nothing but that is left.
func TestRunEndsWithASavepoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		shelf := newShelf()
		slow := func(split) { time.Sleep(time.Millisecond) }
		ctx, stop := context.WithTimeout(t.Context(), 1250*time.Millisecond)
		defer stop()
		o := options()
		var savepoint string
		o.StopWithSavepoint = func(pointer string) { savepoint = pointer }
		must(t, local.Run(ctx, id(), counting(t, shelf, 2000, 2, 200*time.Millisecond, slow), s, o))
		for file, err := range s.Files(t.Context(), "mem://b/ck") {
			must(t, err)
			t.Errorf("%s is left", file.Name)
		}
		p, env := countingFrom(t, shelf, 2000, 3, time.Second, nil)
		env.Checkpointing.Restore.Path = savepoint
		must(t, local.Run(t.Context(), id(), p, s, options()))
		shelf.check(t, 2000)
	})
}

// A savepoint that is not taken is an error, and the job goes on from its checkpoints.
func TestRunTellsThatThereIsNoSavepoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := memory(t)
		shelf := newShelf()
		ctx, stop := context.WithTimeout(t.Context(), 1250*time.Millisecond)
		defer stop()
		o := options()
		o.StopWithSavepoint = func(pointer string) { t.Errorf("savepoint %s", pointer) }
		p, env := countingFrom(t, shelf, 2000, 2, 200*time.Millisecond, func(split) { time.Sleep(time.Millisecond) })
		env.Checkpointing.SavepointDirectory = ""
		if err := local.Run(ctx, id(), p, s, o); err == nil || !strings.Contains(err.Error(), "savepoint") {
			t.Errorf("error %v", err)
		}
		must(t, local.Run(t.Context(), id(), counting(t, shelf, 2000, 3, time.Second, nil), s, options()))
		shelf.check(t, 2000)
	})
}
