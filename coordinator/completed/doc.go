// Package completed holds the checkpoints that a job could go back to.
//
// A [Checkpoint] is what a coordinator knows of a checkpoint that is whole, or of
// a savepoint that it was restored from. A [Store] keeps the last few of them,
// oldest first: adding one pushes others out. Which ones is decided by [Subsume],
// a pure function, so that stores of every kind decide alike; [Latest] picks the
// one to restore, and [ToDiscard] says what the end of a job leaves to be removed.
//
// Nothing here deletes anything. A store says what it let go of, and its owner
// decides what that means for the files.
//
// [Deque] is the store that lives and dies with the process. A store that
// survives it implements [Store] over something durable.
package completed
