// Package filesink writes the records of a job into files of any backend, each record
// exactly once.
//
// In the directory there is a file for each subtask and checkpoint that had records. It
// appears when the checkpoint is complete, under its final name and whole. What is being
// written, and what waits for its checkpoint, is below .pending, and whoever reads the
// output does not look there:
//
//	out/part-0-6-1-d41b8ab0c0f6a5a1
//	out/part-1-6-1-0c8ffe20d31de3f2
//	out/.pending/1-7-1-9a3ad7f65e7e4ab0    of subtask 1, begun after checkpoint 7
//
// A file is committed by copying it to its final name and then deleting the pending one,
// which may be done again from any point. So whoever takes files away must leave them until
// a later checkpoint is complete: one that is missed is an error, for records may be lost.
// A directory belongs to one sink of one job: it
// deletes what is behind the restored checkpoint below .pending. What a process writes
// there after another has taken the job over may stay; it is nobody's, and never output.
package filesink
