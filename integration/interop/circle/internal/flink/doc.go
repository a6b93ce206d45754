// Package flink runs real Flink jobs whose checkpoints somebody else coordinates
// (integration/flink/circle): one JVM, in which a cluster runs one job after another.
//
// The tasks are Flink's, and so are the barriers between them, their state backends
// and what restores them. What their own coordinator would tell them comes from
// here, by the gateways of [Job.Current]; what they answer to it goes where [Job.Forward]
// sends it.
package flink
