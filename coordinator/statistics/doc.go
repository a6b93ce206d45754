// Package statistics counts what a coordinator does, for people and for metrics.
//
// A [Tracker] is told of events and answers with a [Snapshot], a value that does not
// change any more (Flink: CheckpointStatsTracker, CheckpointStatsSnapshot). It has
// counts, the latest checkpoint of each kind, a history with what each subtask wrote
// and how long it took, and percentiles over all that were completed:
//
//	                                 ReportPending            in progress
//	                                    │
//	          ReportTaskAcknowledged ──▶│
//	                                    ├─▶ ReportCompleted    completed ─▶ ReportDiscarded
//	                                    └─▶ ReportFailed       failed
//	ReportFailedBeforePending ──────────────────────────────▶ failed
//
// What it keeps does not grow with the age of the job: the history is a ring, and
// percentiles are those of the latest 10,000. A snapshot copies what may still change,
// which is the checkpoints in progress, and shares the rest.
//
// Flink's REST API has the same numbers: package rest says them in its words, and
// package meter as metrics.
package statistics
