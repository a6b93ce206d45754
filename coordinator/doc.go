// Package coordinator takes the checkpoints of a job, keeps the books on which of them
// there are, and restores the job from them.
//
// A [Coordinator] belongs to one job. A checkpoint is triggered by the clock or by a
// person, and goes:
//
//	trigger
//	  1. is it its turn?                            coordinator/request
//	  2. who takes part                             coordinator/plan
//	  3. an id, and a place                         coordinator/completed, storage
//	  4. ask operator coordinators, master hooks    coordinator/operator, masterhook
//	  5. send the barriers                          task
//	acknowledge, by each task                       coordinator/pending, sharedstate
//	complete
//	  6. publish the metadata                       checkpoint/metadata, storage
//	  7. add to the completed checkpoint store      coordinator/completed
//	  8. tell everybody; delete what was pushed out coordinator/cleaner
//
// Until step 7 is done it may be given up, by whoever has a reason, in one place:
// abort. After it, it is what the job goes back to. A restore is given a pointer and
// goes:
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
// gives up as [Garbage]. Garbage is a plan, and Options.Discard, if set, carries it
// out. The files of checkpoints that were not completed the coordinator deletes
// itself.
//
// # Concurrency
//
// A Coordinator is safe for use by many goroutines at once. There are two locks. One
// is held while a few fields change, and never while anybody is asked anything, but
// for a restore: that holds it for all but its steps 1 and 2, user code of master
// hooks and operator coordinators included, so these must not call the coordinator
// back. The other, the ledger, is held by whoever takes an id, completes a
// checkpoint, restores, or ends the job: one at a time, for each of them changes what
// the store knows.
//
// What takes long runs on Options.Executor, by default in goroutines that
// [Coordinator.Shutdown] waits for. Whatever is deleted while the job runs is deleted
// there, and when too much of that has piled up no checkpoint is triggered.
//
// # Another coordinator
//
// With a store that survives the process there may be a second coordinator that
// believes it leads. Whoever took over last is right; the other finds out by its next
// write ([completed.ErrFenced]), and then deletes nothing, tells nobody, and asks to
// have the job stopped.
//
// # When a step of a restore fails
//
// The error is returned as it is, and what was done before stays done: after
// step 3 the savepoint is in the store, after step 4 the counter has moved, hooks
// and coordinators that were called stay called. A repeated restore does all of
// it again. A failed restore gives up no garbage.
package coordinator
