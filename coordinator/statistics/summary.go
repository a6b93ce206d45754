package statistics

import (
	"slices"
	"time"
)

// Summary says how the completed checkpoints and savepoints of a job are spread
// (Flink: CompletedCheckpointStatsSummary). Percentiles are those of the latest 10,000.
type Summary struct {
	Milliseconds                   Distribution // see [Checkpoint.Duration]
	StateSize, CheckpointedSize    Distribution
	ProcessedBytes, PersistedBytes Distribution
}

// windows are what a summary is made from.
type windows struct {
	milliseconds, stateSize, checkpointedSize, processed, persisted window
}

func (w *windows) add(c *Checkpoint) {
	took, _ := c.Duration()
	w.milliseconds.add(took.Milliseconds())
	w.stateSize.add(c.StateSize)
	w.checkpointedSize.add(c.CheckpointedSize)
	w.processed.add(c.ProcessedBytes)
	w.persisted.add(c.PersistedBytes)
}

func (w *windows) summary() Summary {
	return Summary{
		Milliseconds:     w.milliseconds.distribution(),
		StateSize:        w.stateSize.distribution(),
		CheckpointedSize: w.checkpointedSize.distribution(),
		ProcessedBytes:   w.processed.distribution(),
		PersistedBytes:   w.persisted.distribution(),
	}
}

// TaskSummary says how the subtasks of one vertex that have acknowledged are spread
// (Flink: TaskStateStatsSummary).
type TaskSummary struct {
	Milliseconds                   Distribution // from the trigger to the acknowledgement
	StateSize, CheckpointedSize    Distribution
	SyncMilliseconds               Distribution
	AsyncMilliseconds              Distribution
	AlignmentMilliseconds          Distribution
	StartDelayMilliseconds         Distribution
	ProcessedBytes, PersistedBytes Distribution
}

// Summary makes the summary of a vertex, for a checkpoint that was triggered then. It
// is not kept: who looks pays.
func (t *Task) Summary(triggered time.Time) TaskSummary {
	of := func(value func(*Subtask) int64) Distribution { return distribute(t.Subtasks, value) }
	return TaskSummary{
		Milliseconds: of(func(s *Subtask) int64 {
			took, _ := s.Duration(triggered)
			return took.Milliseconds()
		}),
		StateSize:              of(func(s *Subtask) int64 { return s.Metrics.FullStateBytes }),
		CheckpointedSize:       of(func(s *Subtask) int64 { return s.Metrics.CheckpointedBytes }),
		SyncMilliseconds:       of(func(s *Subtask) int64 { return s.Metrics.SyncDuration.Milliseconds() }),
		AsyncMilliseconds:      of(func(s *Subtask) int64 { return s.Metrics.AsyncDuration.Milliseconds() }),
		AlignmentMilliseconds:  of(func(s *Subtask) int64 { return s.Metrics.Alignment.Milliseconds() }),
		StartDelayMilliseconds: of(func(s *Subtask) int64 { return s.Metrics.StartDelay.Milliseconds() }),
		ProcessedBytes:         of(func(s *Subtask) int64 { return s.Metrics.BytesProcessed }),
		PersistedBytes:         of(func(s *Subtask) int64 { return s.Metrics.BytesPersisted }),
	}
}

func distribute(subtasks []Subtask, value func(*Subtask) int64) Distribution {
	var d Distribution
	values := make([]int64, 0, len(subtasks))
	for i := range subtasks {
		if s := &subtasks[i]; !s.Acknowledged.IsZero() {
			d.add(value(s))
			values = append(values, value(s))
		}
	}
	slices.Sort(values)
	d.rank(values)
	return d
}
