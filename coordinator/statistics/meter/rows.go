package meter

import (
	"github.com/cairnstate/cairn/coordinator/statistics"
)

type kind uint8

const (
	counter kind = iota
	upDown
	gauge
	bytes   // a gauge
	seconds // a gauge, whose values are milliseconds here
)

// row is one metric.
type row struct {
	kind              kind
	name, description string
	value             func(*statistics.Snapshot) (value int64, known bool)
}

func rows() []row {
	return []row{
		{counter, "cairn.checkpoint.triggered", "Checkpoints and savepoints, in whatever way they went.", counts(func(c statistics.Counts) int64 { return c.Total })},
		{counter, "cairn.checkpoint.completed", "Checkpoints and savepoints that were completed.", counts(func(c statistics.Counts) int64 { return c.Completed })},
		{counter, "cairn.checkpoint.failed", "Checkpoints and savepoints that were not completed.", counts(func(c statistics.Counts) int64 { return c.Failed })},
		{counter, "cairn.checkpoint.restored", "Restores of checkpoints and savepoints.", counts(func(c statistics.Counts) int64 { return c.Restored })},
		{upDown, "cairn.checkpoint.in_progress", "Checkpoints and savepoints that are being taken.", counts(func(c statistics.Counts) int64 { return c.InProgress })},

		{gauge, "cairn.checkpoint.last.id", "Id of the last completed checkpoint.", last(func(c *statistics.Checkpoint) int64 { return c.ID })},
		{bytes, "cairn.checkpoint.last.size", "What was written for the last completed checkpoint.", last(func(c *statistics.Checkpoint) int64 { return c.CheckpointedSize })},
		{bytes, "cairn.checkpoint.last.full_size", "State in the last completed checkpoint.", last(func(c *statistics.Checkpoint) int64 { return c.StateSize })},
		{bytes, "cairn.checkpoint.last.metadata_size", "Metadata of the last completed checkpoint.", last(func(c *statistics.Checkpoint) int64 { return c.MetadataSize })},
		{bytes, "cairn.checkpoint.last.processed", "What was processed while barriers of the last completed checkpoint were aligned.", last(func(c *statistics.Checkpoint) int64 { return c.ProcessedBytes })},
		{bytes, "cairn.checkpoint.last.persisted", "Records in flight in the last completed checkpoint.", last(func(c *statistics.Checkpoint) int64 { return c.PersistedBytes })},
		{seconds, "cairn.checkpoint.last.duration", "How long the last completed checkpoint took.", last(func(c *statistics.Checkpoint) int64 { took, _ := c.Duration(); return took.Milliseconds() })},
		{seconds, "cairn.checkpoint.last.completed_time", "When all had acknowledged the last completed checkpoint.", last(func(c *statistics.Checkpoint) int64 { return c.LatestAcknowledged.UnixMilli() })},
		{seconds, "cairn.checkpoint.last.restore_time", "When a checkpoint was restored last.", restored},
	}
}

func counts(of func(statistics.Counts) int64) func(*statistics.Snapshot) (int64, bool) {
	return func(now *statistics.Snapshot) (int64, bool) { return of(now.Counts), true }
}

func last(of func(*statistics.Checkpoint) int64) func(*statistics.Snapshot) (int64, bool) {
	return func(now *statistics.Snapshot) (int64, bool) {
		if now.Last == nil {
			return 0, false
		}
		return of(now.Last), true
	}
}

func restored(now *statistics.Snapshot) (int64, bool) {
	if now.LatestRestored == nil {
		return 0, false
	}
	return now.LatestRestored.At.UnixMilli(), true
}
