package job

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/cairnstate/cairn/checkpoint"
)

// MaxParallelismBound is the largest parallelism and max parallelism there is
// (Flink: KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM).
const MaxParallelismBound = 1 << 15

// DefaultMaxParallelism returns the max parallelism of a vertex for which the
// user set none (Flink: KeyGroupRangeAssignment.computeDefaultMaxParallelism):
// one and a half times the parallelism, rounded up to a power of two, but at
// least 128 and at most MaxParallelismBound.
func DefaultMaxParallelism(parallelism int32) int32 {
	want := uint32(parallelism + parallelism/2)
	power := int32(1) << bits.Len32(max(want, 1)-1)
	return min(max(power, 128), MaxParallelismBound)
}

// KeyGroupsOf returns the key groups that a subtask owns (Flink:
// KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex). The ranges of
// all subtasks partition the key groups; none is empty, for a parallelism is
// never more than its max parallelism.
func KeyGroupsOf(maxParallelism, parallelism, subtask int32) checkpoint.KeyGroupRange {
	first := (int64(subtask)*int64(maxParallelism) + int64(parallelism) - 1) / int64(parallelism)
	last := (int64(subtask+1)*int64(maxParallelism) - 1) / int64(parallelism)
	return checkpoint.KeyGroups(int32(first), int32(last))
}

// OwnerOf returns the subtask that owns a key group (Flink:
// KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup). It is the inverse of
// KeyGroupsOf.
func OwnerOf(maxParallelism, parallelism, keyGroup int32) int32 {
	return int32(int64(keyGroup) * int64(parallelism) / int64(maxParallelism))
}

func checkBounds(what string, n int32) error {
	if n < 1 || n > MaxParallelismBound {
		return fmt.Errorf("%s is %d, but must be 1 to %d", what, n, MaxParallelismBound)
	}
	return nil
}

// normalMaxParallelism takes Integer.MAX_VALUE for the bound, as Flink does for
// jobs that say "as much as there is".
func normalMaxParallelism(n int32) int32 {
	if n == math.MaxInt32 {
		return MaxParallelismBound
	}
	return n
}
