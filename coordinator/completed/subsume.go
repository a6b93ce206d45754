package completed

import (
	"math"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// Subsume decides which of the checkpoints, oldest first, to keep when no more
// than retain are wanted, and which to let go of (Flink: CheckpointSubsumeHelper).
// It keeps the newest one, and behind a savepoint also the newest checkpoint: who
// comes back from a savepoint that the user then deletes needs somewhere to go,
// and incremental checkpoints need what they build on. More than retain are kept
// if it must be. Neither list shares memory with the argument.
func Subsume(checkpoints []*Checkpoint, retain int) (kept, subsumed []*Checkpoint) {
	if len(checkpoints) == 0 {
		return nil, nil
	}
	newest := checkpoints[len(checkpoints)-1]
	base := newestCheckpoint(checkpoints)
	surplus := len(checkpoints) - retain
	for _, c := range checkpoints {
		mayGo := c != newest && (c != base || stops(newest))
		if mayGo && surplus > 0 {
			subsumed = append(subsumed, c)
			surplus--
		} else {
			kept = append(kept, c)
		}
	}
	return kept, subsumed
}

func newestCheckpoint(checkpoints []*Checkpoint) *Checkpoint {
	for _, c := range slices.Backward(checkpoints) {
		if !c.IsSavepoint() {
			return c
		}
	}
	return nil
}

// stops reports whether the job ends with this savepoint, so that no checkpoint
// comes after it that would build on one before.
func stops(c *Checkpoint) bool {
	action := c.Properties.Type.Action
	return c.IsSavepoint() && (action == checkpoint.ActionSuspend || action == checkpoint.ActionTerminate)
}

// Latest picks the checkpoint to restore from checkpoints, oldest first: the
// newest one; or with preferCheckpoint the newest that is no savepoint, if there
// is one. Nil if there are none.
func Latest(checkpoints []*Checkpoint, preferCheckpoint bool) *Checkpoint {
	if preferCheckpoint {
		if c := newestCheckpoint(checkpoints); c != nil {
			return c
		}
	}
	if len(checkpoints) == 0 {
		return nil
	}
	return checkpoints[len(checkpoints)-1]
}

// Lowest returns the lowest id below which no shared state is needed: that of the
// lowest checkpoint that is no savepoint. Without one nothing can be said, and it
// returns the lowest number there is.
//
// Flink takes the first in the queue, which is the lowest there. Here a snapshot
// may be claimed into a job that has newer checkpoints.
func Lowest(checkpoints []*Checkpoint) int64 {
	lowest := int64(math.MaxInt64)
	for _, c := range checkpoints {
		if !c.IsSavepoint() {
			lowest = min(lowest, c.ID)
		}
	}
	if lowest == math.MaxInt64 {
		return math.MinInt64
	}
	return lowest
}
