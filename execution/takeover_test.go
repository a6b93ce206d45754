package execution_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/execution"
)

// lead takes the job over, in the storage of the town, and runs it there.
func (w *town) lead() *execution.Graph {
	w.t.Helper()
	store, err := durable.Open(w.t.Context(), w.access, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	j := program(w.t, 2, map[string]string{"execution.checkpointing.interval": "10 s"})
	g, err := execution.CreateAndRestore(w.t.Context(), townJob, j, w, execution.Checkpointing{
		Storage: w.disk, Access: w.access, Options: coordinator.Options{
			Store: store, IDCounter: store.IDCounter(),
			Checkpointing: &coordinator.Checkpointing{Random: func(n int64) int64 { return n - 1 }},
		},
	}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := g.Start(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	synctest.Wait()
	return g
}

// A job is taken over while it runs: it goes on elsewhere from its latest checkpoint,
// and where it was it stops by itself, and takes nothing with it.
func TestTakeover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here := newTown(t)
		first := here.lead()
		time.Sleep(25 * time.Second)
		synctest.Wait()
		here.told()

		there := &town{t: t, disk: here.disk, access: here.access, tasks: map[string]*townsman{}}
		second := there.lead()
		if story := strings.Join(there.told(), "\n"); !strings.Contains(story, "deploy count.1#0 of 2 from 2: count.1@2[64, 127]") {
			t.Errorf("what was taken over is %s", story)
		}
		if status, err := first.Wait(t.Context()); status != execution.Suspended || !errors.Is(err, completed.ErrFenced) {
			t.Errorf("the first is %s: %v", status, err)
		}
		if live := here.living(); len(live) != 0 {
			t.Errorf("the first has left %d tasks", len(live))
		}

		time.Sleep(20 * time.Second)
		synctest.Wait()
		for _, m := range there.living() {
			second.FailTask(m.Attempt, errors.New("broken"))
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if story := strings.Join(there.told(), "\n"); !strings.Contains(story, "deploy count.1#1 of 2 from ") || second.Status() != execution.Running {
			t.Errorf("the second is %s; its story is %s", second.Status(), story)
		}
		second.Cancel()
		there.wantEnd(second, execution.Cancelled)
	})
}
