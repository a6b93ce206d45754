// Package coordinator restores a job from its checkpoints, and keeps the books on
// which of them there are.
//
// A [Coordinator] belongs to one job. It is given a pointer and goes:
//
//	RestoreSavepoint
//	  1. resolve the pointer                        storage
//	  2. load and validate                          checkpoint/metadata, restore
//	  3. add to the completed checkpoint store      coordinator/completed
//	  4. set the checkpoint id counter to id + 1
//	  5. restore the latest checkpoint:
//	       refuse if shut down
//	       a fresh shared state registry            coordinator/sharedstate
//	       recover the store
//	       register the shared state of all that is retained
//	       pick the latest
//	       assign state to subtasks                 restore
//	       restore master hooks                     coordinator/masterhook
//	       reset operator coordinators
//	       report                                   coordinator/statistics
//
// Each line is a line of [Coordinator.RestoreSavepoint] or of
// restoreLatestCheckpointedState, in this order. It is the order of Flink 1.11,
// with the meaning of Flink 2: claim modes, finished operators, all operator
// coordinators reset.
//
// A job enters in one of four ways. [Coordinator.RestoreInitial] is for its start:
// the latest checkpoint if there is one, else the savepoint in the settings.
// [Coordinator.RestoreSavepoint] insists on a savepoint.
// [Coordinator.RestoreLatestToAll] and [Coordinator.RestoreLatestToSubtasks] are
// for when it failed, whole or in part.
//
// The answer is a [Restored]: which subtask starts from what, and readers for the
// bytes of it.
//
// # Who owns what
//
// The claim mode decides whether files of a restored snapshot become the job's.
// Unless it is [Claim], nothing of the snapshot is ever in what the coordinator
// gives up as [Garbage]. The coordinator deletes nothing itself: garbage is a
// plan, and Options.Discard, if set, carries it out.
//
// # Concurrency
//
// A Coordinator is safe for use by many goroutines at once. One lock is held for
// all of a restore but its steps 1 and 2, user code of master hooks and operator
// coordinators included, so these must not call the coordinator back. It is never
// held while a savepoint is read, nor while garbage is discarded. The coordinator
// starts no goroutines: all happens in the caller's, and is over when the call
// returns.
//
// # When a step fails
//
// The error is returned as it is, and what was done before stays done: after
// step 3 the savepoint is in the store, after step 4 the counter has moved, hooks
// and coordinators that were called stay called. A repeated restore does all of
// it again. A failed restore gives up no garbage.
package coordinator
