// Package dump describes checkpoints in the words of Flink's objects, as trees
// of JSON values in the schema of integration/flink/oracle/README.md, and tells
// where two descriptions differ.
//
// It describes what Flink makes of a file rather than what the file says: where
// Flink fills in a value that is not stored (the size of a legacy incremental
// handle, the checkpoint id of a legacy changelog), so does a dump. That is the
// one place where this knowledge is needed: the values of package checkpoint
// keep what was stored.
package dump
