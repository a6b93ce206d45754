package coordinator_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/coordinator"
)

// gate is a hook that waits in the middle of a restore.
type gate struct {
	hook
	entered, leave chan struct{}
}

func (g gate) RestoreCheckpoint(context.Context, int64, any) error {
	g.entered <- struct{}{}
	<-g.leave
	return nil
}

// A second restore does not come between the steps of the first, though it may
// read its savepoint meanwhile; and statistics do not wait.
func TestRestoresDoNotMix(t *testing.T) {
	r := newRig(t, withSavepoint(t), coordinator.Options{})
	g := gate{hook{r.world, "gate"}, make(chan struct{}), make(chan struct{})}
	if err := r.AddMasterHook(g); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	run := func() {
		if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim)); err != nil {
			t.Error(err)
		}
	}
	wait.Go(run)
	<-g.entered
	read := r.await("read")
	wait.Go(run)
	<-read
	if n := r.Statistics().Counts.Restored; n != 0 {
		t.Errorf("%d restores are reported, and none is done", n)
	}
	close(g.leave)
	<-g.entered
	wait.Wait()
	calls := r.take()
	first := calls[:slices.Index(calls, "coordinator count goes to 17 without state")]
	if count(first, "read") != 2 || count(first, "add 17") != 1 {
		t.Errorf("the restores mixed: %v", calls)
	}
}

func count(calls []string, call string) int {
	return len(slices.DeleteFunc(slices.Clone(calls), func(c string) bool { return c != call }))
}

// All methods at once, for the race detector; and whichever comes last, every
// location is closed.
func TestManyGoroutines(t *testing.T) {
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{Retain: 2})
	var wait sync.WaitGroup
	for _, call := range []func() error{
		func() error { _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim)); return err },
		func() error { _, err := r.RestoreInitial(t.Context(), settings(coordinator.NoClaim)); return err },
		func() error { _, err := r.RestoreLatestToAll(t.Context()); return err },
		func() error { _, err := r.RestoreLatestToSubtasks(t.Context()); return err },
		func() error { r.Statistics(); r.ForceFullSnapshot(); r.Completed(); return nil },
	} {
		for range 8 {
			wait.Go(func() {
				if err := call(); err != nil && !errors.Is(err, coordinator.ErrShutDown) {
					t.Error(err)
				}
			})
		}
	}
	wait.Go(func() {
		if err := r.Shutdown(t.Context(), "SUSPENDED"); err != nil {
			t.Error(err)
		}
	})
	wait.Wait()
	if open := w.openLocations(); open != 0 {
		t.Errorf("%d locations are open after the end", open)
	}
}
