// Package rest says statistics in the words of Flink's REST API, for whatever was
// made to read those: dashboards, alerts, scripts.
//
//	| answer of Flink                                          | here             |
//	|----------------------------------------------------------|------------------|
//	| GET /jobs/:id/checkpoints                                | [Checkpoints]    |
//	| GET /jobs/:id/checkpoints/details/:number                | [CheckpointOf]   |
//	| GET /jobs/:id/checkpoints/details/:number/subtasks/:task | [TaskOf]         |
//
// [Handler] answers all three. Each is a value to be encoded as JSON, field by field
// that of Flink 2.3: times are in milliseconds since 1970 and -1 if there is none,
// durations in milliseconds, sizes in bytes. What Flink's statistics do not have any
// more, alignment_buffered, is zero there and here.
package rest
