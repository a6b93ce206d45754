package coordinator_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/task"
)

// Tasks are late, decline, answer twice or never, and the job fails over and over. What
// is retained is whole all the time, and when the job has ended nothing is left. The
// interleavings are the scheduler's, and the race detector's: those of a seed are in
// package simulation.
func TestNothingIsLeftOfATroubledJob(t *testing.T) {
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			config := everyTenSeconds()
			config.MaxConcurrent = 3
			config.Timeout = 25 * time.Second
			config.TolerableFailures = 1 << 30
			c := newCluster(t, config, coordinator.Options{})
			c.answer = trouble(seed)
			if err := c.StartCheckpointScheduler(); err != nil {
				t.Fatal(err)
			}
			for attempt := int32(1); attempt <= 10; attempt++ {
				time.Sleep(3 * time.Minute)
				c.failOver(attempt)
				c.checkRetained()
			}
			c.StopCheckpointScheduler()
			time.Sleep(time.Minute) // for those that are late
			if err := c.Shutdown(t.Context(), completed.Finished); err != nil {
				t.Fatal(err)
			}
			if left := c.files(); len(left) > 0 {
				t.Errorf("seed %d: %d files are left: %s", seed, len(left), strings.Join(left, " "))
			}
			if n := c.Statistics().Counts; n.Completed < 20 || n.Failed < 20 {
				t.Errorf("seed %d: too little happened: %+v", seed, n)
			}
		})
	}
}

// trouble answers barriers in all the ways there are.
func trouble(seed uint64) func(*clusterTask, task.Barrier) {
	var calls atomic.Uint64
	return func(ct *clusterTask, b task.Barrier) {
		random := rand.New(rand.NewPCG(seed, calls.Add(1)))
		time.Sleep(time.Duration(random.Int64N(int64(20 * time.Second))))
		way := random.IntN(12)
		if way == 0 {
			ct.decline(b, errBroken)
			return
		}
		ack := task.Acknowledgement{Job: clusterJob, Attempt: ct.attempt, CheckpointID: b.CheckpointID, State: ct.cluster.write(ct, b)}
		switch way {
		case 1:
			time.Sleep(time.Duration(random.Int64N(int64(20 * time.Second)))) // may be too late
			ct.cluster.AcknowledgeCheckpoint(context.Background(), ack)
		case 2, 3:
			ct.cluster.AcknowledgeCheckpoint(context.Background(), ack)
			time.Sleep(time.Duration(random.Int64N(int64(10 * time.Second))))
			ct.cluster.AcknowledgeCheckpoint(context.Background(), ack)
		default:
			ct.cluster.AcknowledgeCheckpoint(context.Background(), ack)
		}
	}
}

// failOver restarts all tasks.
func (c *cluster) failOver(attempt int32) {
	c.t.Helper()
	c.StopCheckpointScheduler()
	c.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
	c.deploy(attempt)
	if _, err := c.RestoreLatestToAll(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	if err := c.StartCheckpointScheduler(); err != nil {
		c.t.Fatal(err)
	}
}

// checkRetained checks that every file of every retained checkpoint is there.
func (c *cluster) checkRetained() {
	c.t.Helper()
	there := map[string]bool{}
	for _, key := range c.files() {
		there[key] = true
	}
	for _, cp := range c.Completed() {
		md := checkpoint.Metadata{Operators: cp.Operators}
		for _, file := range md.Files() {
			path := file.Path
			if file.Relative {
				path = cp.ExternalPointer() + "/" + path
			}
			if !there[strings.TrimPrefix(path, "mem://jobs/")] {
				c.t.Errorf("checkpoint %d has lost %s", cp.ID, path)
			}
		}
	}
}
