// Package local runs a program in this process: a goroutine for each subtask, bounded
// queues between them, and checkpoints that go wherever the storage leads.
//
// [Run] is all that a program needs. It restores the job's latest checkpoint if there is
// one, at whatever parallelism the job has now, runs the subtasks, and starts them again
// when one fails. Below it are parts that can be had by themselves: a [Runtime] is the
// [execution.Deployer] that starts attempts of subtasks.
//
// # A subtask
//
// Operators that may share a subtask do, as package job/jobgraph chains them; records
// go from one to the next by a call. One goroutine does all that a subtask does:
//
//	mail      barriers to start, notifications     ─┐
//	                                                ├─▶ loop ─▶ operators ─▶ queues of consumers
//	gate      records and barriers of producers    ─┘              │
//	                                                               └─ frozen state ─▶ written by another goroutine
//
// At a barrier that has come from everywhere the loop has operators bring their state up
// to date, sends the barrier on, freezes the state, and goes on with records while
// another goroutine writes it and acknowledges.
//
// # Ends
//
// A subtask whose source has no more records, or whose producers have all ended, stays
// until a checkpoint that it took part in afterwards is complete, so that what it held
// back for a checkpoint gets out; unless there are no periodic checkpoints. A stop with a
// savepoint ends it with that.
//
// # What it does not do
//
// There are no unaligned checkpoints, no operators of several inputs, no side outputs
// and no state in flight; each is refused by name. Subtasks of one job on several
// machines are for another Deployer.
package local
