package statistics

import (
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

// Status is how far a checkpoint has come (Flink: CheckpointStatsStatus).
type Status string

// The ways of a checkpoint.
const (
	InProgress Status = "IN_PROGRESS"
	Completed  Status = "COMPLETED"
	Failed     Status = "FAILED"
)

// Checkpoint is what is known of one checkpoint or savepoint (Flink:
// AbstractCheckpointStats). Sizes are in bytes; they are sums over the subtasks that
// have acknowledged so far.
type Checkpoint struct {
	ID         int64
	Status     Status
	Properties checkpoint.Properties
	Triggered  time.Time

	Subtasks           int
	Acknowledged       int
	LatestAcknowledged time.Time // zero if nobody has

	StateSize        int64 // of the whole state
	CheckpointedSize int64 // of it, what was written for this checkpoint
	ProcessedBytes   int64 // while aligning
	PersistedBytes   int64 // of records in flight
	Unaligned        bool  // for one subtask at least

	ExternalPointer string // of a completed one
	MetadataSize    int64  // of a completed one
	Discarded       bool   // it was completed, and is not there any more

	FailedAt       time.Time
	FailureReason  checkpoint.FailureReason
	FailureMessage string

	// Tasks are what each vertex did, in the order of the job. They must not be
	// changed.
	Tasks []Task
}

// Duration returns how long the checkpoint took, from the trigger to the last
// acknowledgement, or to the failure; false if nobody has acknowledged yet.
func (c *Checkpoint) Duration() (time.Duration, bool) {
	end := c.LatestAcknowledged
	if c.Status == Failed {
		end = c.FailedAt
	}
	return since(c.Triggered, end)
}

func since(triggered, end time.Time) (time.Duration, bool) {
	return max(0, end.Sub(triggered)), !end.IsZero()
}

// Task is what one vertex did for a checkpoint (Flink: TaskStateStats).
type Task struct {
	Vertex             checkpoint.JobVertexID
	Acknowledged       int
	LatestAcknowledged time.Time // zero if nobody has

	StateSize, CheckpointedSize    int64
	ProcessedBytes, PersistedBytes int64

	Subtasks []Subtask // all of them, by index
}

// Duration returns how long the vertex took, from the trigger on; false if none of
// its subtasks has acknowledged yet.
func (t *Task) Duration(triggered time.Time) (time.Duration, bool) {
	return since(triggered, t.LatestAcknowledged)
}

// Subtask is what one subtask did (Flink: SubtaskStateStats).
type Subtask struct {
	Acknowledged time.Time // zero if it has not
	Metrics      task.Metrics
}

// Duration returns how long the subtask took, from the trigger on; false if it has not
// acknowledged yet.
func (s *Subtask) Duration(triggered time.Time) (time.Duration, bool) {
	return since(triggered, s.Acknowledged)
}
