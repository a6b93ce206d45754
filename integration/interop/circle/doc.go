// Package circle closes the circle between Flink and cairn.
//
// Real Flink tasks take checkpoints that cairn's coordinator coordinates and
// completes, in cairn's storage; real Flink jobs are restored from those, at the same
// and at other parallelisms, and go on under cairn's coordinator. The state of a job is
// whole if and only if the counts that it keeps add up to what its sources have
// emitted in all their lives. Every metadata file on the way is also read by Flink's
// own classes, and must say what was acknowledged. So must what the coordinator writes
// in random jobs, whose tasks answer with every kind of state.
package circle
