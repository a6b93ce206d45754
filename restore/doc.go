// Package restore decides what each subtask of a job gets from a checkpoint. It
// touches nothing: facts go in, a decision that can be printed comes out.
//
// A restore asks three questions, in this order:
//
//  1. Validate: does the checkpoint fit the job? Every state must have an
//     operator, and every max parallelism must be acceptable.
//  2. CheckFinished: had parts of the job finished, and may they stay finished
//     in this graph?
//  3. Assign: which state goes to which new subtask?
//
// The answer no is a *Refusal, which says what to do about it; errors.Is tells
// its kind. Decide asks all three, and tells every refusal. Of a job that is only
// partly known, Doubts tells what is neither yes nor no.
//
// NewPlan turns the decision into figures: who reads how much, and how evenly.
//
// # How state finds its subtask
//
// Each kind of state has its own rule:
//
//	keyed state      by ranges of key groups: a subtask reads each handle that
//	                 overlaps the range it owns, cut to it where handles can be cut
//	operator state   SPLIT_DISTRIBUTE deals the elements out, UNION gives all to
//	                 all, BROADCAST gives one copy to each
//	channel state    what was in flight goes where the edge's SubtaskStateMapper
//	                 says, with a RescalingDescriptor to sort it out on arrival
//
// At unchanged parallelism each subtask gets its own state back.
//
// # Why it is fast
//
// An Assignment of P old to N new subtasks is made in O(P + N + handles given
// out), where Apache Flink takes O(P × N): keyed handles are pushed from old to
// new by the interval of owners, and whatever many subtasks get alike (union
// state, channels of a FULL mapper) is one slice that they share. What Assign
// returns is therefore to be read, never changed.
//
// The rules are those of Flink's Checkpoints.loadAndValidateCheckpoint,
// VertexFinishedStateChecker and StateAssignmentOperation, of the 2.x generation.
package restore
