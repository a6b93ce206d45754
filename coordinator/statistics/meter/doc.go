// Package meter says the statistics of a job's checkpoints as OpenTelemetry metrics.
// The meter is a value that the program brings; this package links the API alone, and
// no exporter. Nothing is counted here: whenever the metrics are collected, a snapshot
// of the statistics is taken.
//
//	| metric                               | kind            | Flink's name                     |
//	|--------------------------------------|-----------------|----------------------------------|
//	| cairn.checkpoint.triggered           | counter         | totalNumberOfCheckpoints         |
//	| cairn.checkpoint.in_progress         | up-down counter | numberOfInProgressCheckpoints    |
//	| cairn.checkpoint.completed           | counter         | numberOfCompletedCheckpoints     |
//	| cairn.checkpoint.failed              | counter         | numberOfFailedCheckpoints        |
//	| cairn.checkpoint.restored            | counter         |                                  |
//	| cairn.checkpoint.last.id             | gauge           | lastCompletedCheckpointId        |
//	| cairn.checkpoint.last.completed_time | gauge, s        | lastCheckpointCompletedTimestamp |
//	| cairn.checkpoint.last.duration       | gauge, s        | lastCheckpointDuration           |
//	| cairn.checkpoint.last.size           | gauge, bytes    | lastCheckpointSize               |
//	| cairn.checkpoint.last.full_size      | gauge, bytes    | lastCheckpointFullSize           |
//	| cairn.checkpoint.last.metadata_size  | gauge, bytes    | lastCheckpointMetadataSize       |
//	| cairn.checkpoint.last.processed      | gauge, bytes    | lastCheckpointProcessedData      |
//	| cairn.checkpoint.last.persisted      | gauge, bytes    | lastCheckpointPersistedData      |
//	| cairn.checkpoint.last.restore_time   | gauge, s        | lastCheckpointRestoreTimestamp   |
//
// The last is the checkpoint or savepoint that was completed last. Times are in seconds
// since 1970. Before there is a last one its metrics are absent, where Flink has -1.
// Flink's lastCheckpointExternalPath is no number, and so not here: the log and the
// statistics have it.
package meter
