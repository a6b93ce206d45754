package rest

import (
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
)

// Task is what one vertex did for a checkpoint (Flink: TaskCheckpointStatistics).
type Task struct {
	ID     int64             `json:"id"` // of the checkpoint
	Status statistics.Status `json:"status"`
	Totals
}

// TaskDetails are a task and its subtasks (Flink:
// TaskCheckpointStatisticsWithSubtaskDetails).
type TaskDetails struct {
	Task
	Summary  TaskSummary `json:"summary"`
	Subtasks []Subtask   `json:"subtasks"` // by index
}

// TaskSummary is of the subtasks that have acknowledged.
type TaskSummary struct {
	CheckpointedSize Distribution         `json:"checkpointed_size"`
	StateSize        Distribution         `json:"state_size"`
	EndToEndDuration Distribution         `json:"end_to_end_duration"`
	Duration         CheckpointDurations  `json:"checkpoint_duration"`
	Alignment        CheckpointAlignments `json:"alignment"`
	StartDelay       Distribution         `json:"start_delay"`
}

// CheckpointDurations are of writing state.
type CheckpointDurations struct {
	Sync  Distribution `json:"sync"`
	Async Distribution `json:"async"`
}

// CheckpointAlignments are of waiting for barriers.
type CheckpointAlignments struct {
	Buffered  Distribution `json:"buffered"`
	Processed Distribution `json:"processed"`
	Persisted Distribution `json:"persisted"`
	Duration  Distribution `json:"duration"`
}

// Subtask is what one subtask did (Flink: SubtaskCheckpointStatistics).
type Subtask struct {
	ClassName string `json:"className"` // completed or pending
	Index     int    `json:"index"`
	Status    string `json:"status"` // completed or pending_or_failed
	*Acknowledged
}

// Acknowledged is what a subtask has that has acknowledged.
type Acknowledged struct {
	Timestamp        int64     `json:"ack_timestamp"`
	EndToEndDuration int64     `json:"end_to_end_duration"`
	CheckpointedSize int64     `json:"checkpointed_size"`
	StateSize        int64     `json:"state_size"`
	Checkpoint       Durations `json:"checkpoint"`
	Alignment        Alignment `json:"alignment"`
	StartDelay       int64     `json:"start_delay"`
	Unaligned        bool      `json:"unaligned_checkpoint"`
	Aborted          bool      `json:"aborted"` // never, for it has acknowledged
}

// Durations are of writing state.
type Durations struct {
	Sync  int64 `json:"sync"`
	Async int64 `json:"async"`
}

// Alignment is of waiting for barriers.
type Alignment struct {
	Buffered  int64 `json:"buffered"`
	Processed int64 `json:"processed"`
	Persisted int64 `json:"persisted"`
	Duration  int64 `json:"duration"`
}

// TaskOf returns the answer about one task of a checkpoint; false if it has none of
// this vertex.
func TaskOf(c *statistics.Checkpoint, vertex checkpoint.JobVertexID) (TaskDetails, bool) {
	i := slices.IndexFunc(c.Tasks, func(t statistics.Task) bool { return t.Vertex == vertex })
	if i < 0 {
		return TaskDetails{}, false
	}
	t := &c.Tasks[i]
	answer := TaskDetails{Task: taskOf(c, t), Summary: taskSummary(t.Summary(c.Triggered)), Subtasks: make([]Subtask, len(t.Subtasks))}
	for i := range t.Subtasks {
		answer.Subtasks[i] = subtask(i, &t.Subtasks[i], c.Triggered)
	}
	return answer, true
}

func taskOf(c *statistics.Checkpoint, t *statistics.Task) Task {
	return Task{ID: c.ID, Status: c.Status, Totals: Totals{
		LatestAckTimestamp: timestamp(t.LatestAcknowledged), EndToEndDuration: milliseconds(t.Duration(c.Triggered)),
		CheckpointedSize: t.CheckpointedSize, StateSize: t.StateSize,
		ProcessedData: t.ProcessedBytes, PersistedData: t.PersistedBytes,
		Subtasks: len(t.Subtasks), Acknowledged: t.Acknowledged,
	}}
}

func taskSummary(s statistics.TaskSummary) TaskSummary {
	return TaskSummary{
		CheckpointedSize: distribution(s.CheckpointedSize), StateSize: distribution(s.StateSize),
		EndToEndDuration: distribution(s.Milliseconds), StartDelay: distribution(s.StartDelayMilliseconds),
		Duration: CheckpointDurations{Sync: distribution(s.SyncMilliseconds), Async: distribution(s.AsyncMilliseconds)},
		Alignment: CheckpointAlignments{
			Processed: distribution(s.ProcessedBytes), Persisted: distribution(s.PersistedBytes),
			Duration: distribution(s.AlignmentMilliseconds),
		},
	}
}

func subtask(index int, s *statistics.Subtask, triggered time.Time) Subtask {
	if s.Acknowledged.IsZero() {
		return Subtask{ClassName: "pending", Index: index, Status: "pending_or_failed"}
	}
	m := &s.Metrics
	return Subtask{ClassName: "completed", Index: index, Status: "completed", Acknowledged: &Acknowledged{
		Timestamp: timestamp(s.Acknowledged), EndToEndDuration: milliseconds(s.Duration(triggered)),
		CheckpointedSize: m.CheckpointedBytes, StateSize: m.FullStateBytes,
		Checkpoint: Durations{Sync: m.SyncDuration.Milliseconds(), Async: m.AsyncDuration.Milliseconds()},
		Alignment:  Alignment{Processed: m.BytesProcessed, Persisted: m.BytesPersisted, Duration: m.Alignment.Milliseconds()},
		StartDelay: m.StartDelay.Milliseconds(), Unaligned: m.UnalignedCheckpoint,
	}}
}
