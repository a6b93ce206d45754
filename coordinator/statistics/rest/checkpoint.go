package rest

import (
	"strings"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
)

// Checkpoint is one checkpoint or savepoint (Flink: CheckpointStatistics). It has one
// of the two embedded parts at most.
type Checkpoint struct {
	ClassName       string                      `json:"className"` // completed, failed or in_progress
	ID              int64                       `json:"id"`
	Status          statistics.Status           `json:"status"`
	IsSavepoint     bool                        `json:"is_savepoint"`
	SavepointFormat *checkpoint.SavepointFormat `json:"savepointFormat"`
	TriggeredAt     int64                       `json:"trigger_timestamp"`
	Totals
	CheckpointType string                          `json:"checkpoint_type"`
	Tasks          map[checkpoint.JobVertexID]Task `json:"tasks"`
	*Completion
	*Failure
}

// Totals are of a checkpoint, or of one of its tasks.
type Totals struct {
	LatestAckTimestamp int64 `json:"latest_ack_timestamp"`
	CheckpointedSize   int64 `json:"checkpointed_size"`
	StateSize          int64 `json:"state_size"`
	EndToEndDuration   int64 `json:"end_to_end_duration"`
	AlignmentBuffered  int64 `json:"alignment_buffered"`
	ProcessedData      int64 `json:"processed_data"`
	PersistedData      int64 `json:"persisted_data"`
	Subtasks           int   `json:"num_subtasks"`
	Acknowledged       int   `json:"num_acknowledged_subtasks"`
}

// Completion is what a completed checkpoint has, and no other.
type Completion struct {
	ExternalPath *string `json:"external_path"`
	Discarded    bool    `json:"discarded"`
}

// Failure is what a failed checkpoint has, and no other.
type Failure struct {
	Timestamp int64   `json:"failure_timestamp"`
	Message   *string `json:"failure_message"`
}

// CheckpointOf returns the answer about one checkpoint.
func CheckpointOf(c *statistics.Checkpoint) Checkpoint {
	answer := *short(c)
	for i := range c.Tasks {
		answer.Tasks[c.Tasks[i].Vertex] = taskOf(c, &c.Tasks[i])
	}
	return answer
}

// short leaves out the tasks, as Flink does where there are many checkpoints.
func short(c *statistics.Checkpoint) *Checkpoint {
	if c == nil {
		return nil
	}
	answer := &Checkpoint{
		ClassName: strings.ToLower(string(c.Status)), ID: c.ID, Status: c.Status,
		IsSavepoint: c.Properties.Type.Savepoint, SavepointFormat: optional(c.Properties.Type.Format),
		TriggeredAt: timestamp(c.Triggered), CheckpointType: typeOf(c), Tasks: make(map[checkpoint.JobVertexID]Task),
		Totals: Totals{
			LatestAckTimestamp: timestamp(c.LatestAcknowledged), EndToEndDuration: milliseconds(c.Duration()),
			CheckpointedSize: c.CheckpointedSize, StateSize: c.StateSize,
			ProcessedData: c.ProcessedBytes, PersistedData: c.PersistedBytes,
			Subtasks: c.Subtasks, Acknowledged: c.Acknowledged,
		},
	}
	switch c.Status {
	case statistics.Completed:
		answer.Completion = &Completion{ExternalPath: optional(c.ExternalPointer), Discarded: c.Discarded}
	case statistics.Failed:
		answer.Failure = &Failure{Timestamp: timestamp(c.FailedAt), Message: optional(c.FailureMessage)}
	}
	return answer
}

func typeOf(c *statistics.Checkpoint) string {
	switch kind := c.Properties.Type; {
	case kind.Savepoint && (kind.Action == checkpoint.ActionSuspend || kind.Action == checkpoint.ActionTerminate):
		return "SYNC_SAVEPOINT"
	case kind.Savepoint:
		return "SAVEPOINT"
	case c.Unaligned:
		return "UNALIGNED_CHECKPOINT"
	}
	return "CHECKPOINT"
}

func timestamp(at time.Time) int64 {
	if at.IsZero() {
		return -1
	}
	return at.UnixMilli()
}

func milliseconds(took time.Duration, known bool) int64 {
	if !known {
		return -1
	}
	return took.Milliseconds()
}

// optional is null if there is nothing.
func optional[T ~string](value T) *T {
	if value == "" {
		return nil
	}
	return &value
}
