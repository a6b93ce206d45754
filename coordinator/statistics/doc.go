// Package statistics counts what a coordinator does, for people and for metrics.
//
// A [Tracker] is told of events and answers with a [Snapshot], a value that does
// not change any more (Flink: CheckpointStatsTracker, CheckpointStatsSnapshot).
// So far there is one kind of event: a checkpoint was restored.
package statistics
