// Package twophase makes the output of a job appear exactly once, by transactions in the
// world outside that are tied to checkpoints.
//
// A [Sink] writes records into a transaction. When a checkpoint is taken it prepares the
// transaction, which must then outlive the process, and puts the handle of it into the
// checkpoint; records behind the barrier go into the next one. When the checkpoint is
// complete the transaction is committed:
//
//	records ──▶ Write … Write ──▶ Prepare ─────────────▶ Commit
//	                                 │ handle                ▲
//	                                 ▼                       │
//	                             checkpoint 7 ── complete ───┘ or of 8, or restored from
//
// What happens to a transaction when the job dies follows from the checkpoint that the
// job goes on from. If its handle is in there it is committed, perhaps for the second
// time; if it is not, its records will be processed again, and it is aborted.
//
// So what an author implements, [Transactions], must keep two promises, and nothing
// here can keep them for it:
//
//   - Commit may be called any number of times for one handle, by any process. From the
//     first time that it succeeds on, it succeeds and changes nothing. Think of a crash
//     at each of its lines.
//   - After Prepare, Commit works with the handle alone, however long it takes: a
//     transaction that the other side gives up after an hour loses records if the job is
//     down for longer.
//
// Package task/filesink is one for files.
package twophase
