package coordinator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/task"
)

// While one checkpoint hangs, the clock goes on asking. When the job stops, one has
// failed, and not all that were asked for: an alert would fire at each restart.
func TestRequestsThatAreLeftOutAreNoFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, everyTenSeconds(), coordinator.Options{})
		c.answer = func(*clusterTask, task.Barrier) {}
		if err := c.StartCheckpointScheduler(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
		c.StopCheckpointScheduler()
		synctest.Wait()
		if n := c.Statistics().Counts; n.Failed != 1 || n.Total != 1 {
			t.Errorf("counts: %+v", n)
		}
	})
}
