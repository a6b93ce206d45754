package coordinator

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage"
)

// Checkpointing is what a coordinator needs to take checkpoints, beside what it
// needs to restore them.
type Checkpointing struct {
	Job checkpoint.JobID

	// Config is best made by the Coordinator method of [checkpointing.Config]: its zero
	// value is refused.
	Config checkpointing.CoordinatorConfiguration

	// Storage is where checkpoints go. The caller closes what is below it, after
	// the coordinator was shut down.
	Storage *storage.CheckpointStorageAccess

	// Executions are the subtasks that run.
	Executions Executions

	// FailJob is told that too many checkpoints failed, that a savepoint with
	// which the job was to stop did, or that this coordinator has lost its job to
	// another one (completed.ErrFenced). It is called without a lock, in a
	// goroutine of the executor. Nil ignores it.
	FailJob func(cause error)

	// Metadata says how metadata is encoded; nil for the defaults.
	Metadata *metadata.EncodeOptions

	// Version is that of the metadata; the current one of Flink if 0.
	Version int

	// Random returns a number from 0 to below n; nil for a good source. It
	// spreads the first checkpoints of jobs that start together.
	Random func(n int64) int64
}

// Executions tells what runs (Flink: ExecutionGraph). It is safe for use by many
// goroutines at once, and does not call the coordinator.
type Executions interface {
	// Current returns the current attempt of each subtask: by vertex, in the order
	// of the job, then by subtask. The slices are not changed any more.
	Current() [][]plan.Execution
}

func (c *Checkpointing) withDefaults() (*Checkpointing, error) {
	if c == nil {
		return nil, nil
	}
	full := *c
	if missing := full.missing(); missing != nil {
		return nil, fmt.Errorf("coordinator: to take checkpoints it needs %s in its Checkpointing", strings.Join(missing, ", and "))
	}
	if err := full.check(); err != nil {
		return nil, fmt.Errorf("coordinator: %w", err)
	}
	if full.Version == 0 {
		full.Version = metadata.CurrentVersion
	}
	if full.Random == nil {
		full.Random = rand.Int64N
	}
	if full.FailJob == nil {
		full.FailJob = func(error) {}
	}
	return &full, nil
}

// missing names what is not there.
func (c *Checkpointing) missing() (names []string) {
	if c.Job == (checkpoint.JobID{}) {
		names = append(names, "a job id (Job)")
	}
	if c.Storage == nil {
		names = append(names, "a place for checkpoints (Storage)")
	}
	if c.Executions == nil {
		names = append(names, "the subtasks that run (Executions)")
	}
	return names
}

// check refuses what somebody must have forgotten: with it no checkpoint would begin, or
// none would end, and nobody would be told.
func (c *Checkpointing) check() error {
	switch config := &c.Config; {
	case c.Storage.JobID() != c.Job:
		return fmt.Errorf("the storage is that of job %s, not of %s", c.Storage.JobID(), c.Job)
	case config.Timeout <= 0:
		return fmt.Errorf("a checkpoint may take %s: must be more than 0, as in checkpointing.Default", config.Timeout)
	case config.MaxConcurrent < 1:
		return fmt.Errorf("%d checkpoints may be taken at once: must be at least 1", config.MaxConcurrent)
	case config.TolerableFailures < 0:
		return fmt.Errorf("%d failures are tolerated: must be at least 0", config.TolerableFailures)
	}
	return nil
}

// spread returns a time between two, both included.
func (c *Checkpointing) spread(from, to time.Duration) time.Duration {
	if to <= from {
		return from
	}
	return from + time.Duration(c.Random(int64(to-from)+1))
}
