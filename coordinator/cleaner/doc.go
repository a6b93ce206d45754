// Package cleaner deletes beside everything else.
//
// A checkpoint that was pushed out may have thousands of files, and the next one
// should not wait for them. So whoever gives something up hands the deletion to a
// [Cleaner] and goes on. The cleaner runs a few at a time, in the order in which they
// came, on an executor that its owner chose.
//
// It also counts. A job whose checkpoints are quicker than its deletions would fill
// the store: [Cleaner.Cleaning] is how much there is still to do, and a coordinator
// triggers nothing while that is too much.
//
// What fails is not tried again here: the wrappers of the storage have done that. It
// is told, and stays in the journal of the store for the next coordinator.
package cleaner
