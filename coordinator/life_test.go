package coordinator_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/task"
)

func everyTenSeconds() checkpointing.Config {
	config := checkpointing.Default()
	config.Interval = 10 * time.Second
	config.Retained = 2
	return config
}

// A job that runs for an hour has taken its checkpoints, keeps the last two, and
// what it had deleted is gone.
func TestPeriodicCheckpoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, everyTenSeconds(), coordinator.Options{})
		if err := c.StartCheckpointScheduler(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		retained := ids(c.Completed())
		if len(retained) != 2 || retained[1] < 359 {
			t.Fatalf("after an hour at one checkpoint in 10 s the store holds %v", retained)
		}
		directories := map[string]int{}
		for _, key := range c.files() {
			directories[strings.Split(key, "/")[2]]++
		}
		if len(directories) != 3 || directories["shared"] != 2*3 {
			t.Errorf("directories and their files: %v; want those of checkpoints %v, and what they share", directories, retained)
		}
		c.StopCheckpointScheduler()
	})
}

// A checkpoint that was taken is what a failed job goes on from.
func TestRestoreWhatWasTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, checkpointing.Default(), coordinator.Options{})
		for range 3 {
			if _, err := c.TriggerCheckpoint(coordinator.Configured).Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		restored, err := c.RestoreLatestToAll(t.Context())
		if err != nil || restored.CheckpointID != 3 || restored.NextCheckpointID != 4 {
			t.Fatalf("restored %+v, %v", restored, err)
		}
		synctest.Wait()
		heard := c.heard()
		slices.Sort(heard)
		if want := "complete 3 at count 1"; !slices.Contains(heard, want) {
			t.Errorf("heard %q, not %q", heard, want)
		}
	})
}

func TestSavepointIsTheUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, checkpointing.Default(), coordinator.Options{})
		savepoint, err := c.TriggerSavepoint("", checkpoint.Canonical).Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Completed()) != 0 {
			t.Errorf("the store holds %v", ids(c.Completed()))
		}
		if err := c.Shutdown(t.Context(), completed.Finished); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(savepoint.ExternalPointer(), "mem://jobs/savepoints/savepoint-c10000-") || len(c.files()) == 0 {
			t.Errorf("savepoint at %s, files %v", savepoint.ExternalPointer(), c.files())
		}
	})
}

// A task that cannot take part ends the checkpoint, and what others wrote for it goes.
func TestDecline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, checkpointing.Default(), coordinator.Options{})
		c.answer = func(ct *clusterTask, b task.Barrier) {
			if ct.vertex.Name == "source" {
				ct.decline(b, errBroken)
				return
			}
			ct.acknowledge(b)
		}
		_, err := c.TriggerCheckpoint(coordinator.Configured).Wait(t.Context())
		if !errors.Is(err, errBroken) || checkpoint.ReasonOf(err, "") != checkpoint.CheckpointDeclined {
			t.Fatal(err)
		}
		synctest.Wait()
		for _, key := range c.files() {
			if strings.Contains(key, "/chk-1/") {
				t.Errorf("left behind: %s", key)
			}
		}
	})
}
