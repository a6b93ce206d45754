// Package task is what a coordinator and the subtasks of a job say to each other.
//
// A subtask runs as an [ExecutionAttempt]: this try of that subtask, in that
// execution of the job. The coordinator reaches it by a [Gateway]: it sends a
// [Barrier] to where records begin, and tells all how the checkpoint ended. A
// subtask that has seen the barrier from all its inputs writes its state, sends the
// barrier on, and answers through a [Responder] with an [Acknowledgement], which
// holds a [Snapshot], or with a [Decline]:
//
//	coordinator                            subtask
//	    TriggerCheckpoint(Barrier)  ─────▶  sources: send the barrier down the stream
//	                                        all: align, snapshot, send it on
//	    AcknowledgeCheckpoint       ◀─────  what I wrote
//	    DeclineCheckpoint           ◀─────  or: not this one
//	    NotifyCheckpointComplete    ─────▶  commit what you held back
//	    NotifyCheckpointAborted     ─────▶  or throw it away
//
// Messages may be lost, late, twice and in any order; the coordinator lives with
// all of that. They are values: whoever sent one does not change it any more. The
// words are Flink's (TaskManagerGateway, CheckpointResponder, CheckpointOptions).
package task
