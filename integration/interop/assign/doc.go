// Package assign holds restore against real Flink: who gets what, and who is
// refused.
//
// TestPairs makes random pairs of a checkpoint and a job, has Flink's own classes
// decide, and compares line by line; a difference is shrunk and told. TestReal
// does the same with what Flink wrote (testdata/flink), for the jobs that wrote it
// at several parallelisms; TestRunning has a running Flink restore them, and asks its
// tasks what they were told and what they hold.
//
//	CAIRN_PAIRS=100000 CAIRN_SEED=1 go test -tags interop -run Pairs -v ./integration/interop/assign
//	CAIRN_RELEASES=all go test -tags interop -run Running -v -timeout 60m ./integration/interop/assign
package assign
