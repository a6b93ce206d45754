package failure

import "github.com/cairnstate/cairn/checkpoint"

// Counts reports whether a checkpoint that ends for this reason is counted.
func Counts(reason checkpoint.FailureReason) bool {
	switch reason {
	case checkpoint.IOException, checkpoint.CheckpointAsyncException, checkpoint.CheckpointDeclined,
		checkpoint.CheckpointExpired, checkpoint.FinalizeCheckpointFailure:
		return true
	}
	return false
}
