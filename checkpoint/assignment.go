package checkpoint

import "math/bits"

// The rules by which keys find their subtask (Flink: KeyGroupRangeAssignment and
// MathUtils). A key's Java hash code is mixed and falls into one of as many key
// groups as the max parallelism; each subtask owns a run of key groups.
//
// Flink allows 0 < parallelism <= max parallelism <= UpperBoundMaxParallelism; what the
// functions return outside of that means nothing.
const (
	DefaultLowerBoundMaxParallelism = 1 << 7  // what max parallelism is at least, if nobody sets it
	UpperBoundMaxParallelism        = 1 << 15 // what it is at most
)

// AssignToKeyGroup returns the key group of a key, by the key's Java hash code.
func AssignToKeyGroup(hashCode, maxParallelism int32) int32 {
	return murmurHash(hashCode) % maxParallelism
}

// SubtaskForKeyGroup returns the index of the subtask that owns a key group.
func SubtaskForKeyGroup(keyGroup, maxParallelism, parallelism int32) int32 {
	return int32(int64(keyGroup) * int64(parallelism) / int64(maxParallelism))
}

// KeyGroupRangeForSubtask returns the key groups that a subtask owns.
func KeyGroupRangeForSubtask(subtask, maxParallelism, parallelism int32) KeyGroupRange {
	i, groups, subtasks := int64(subtask), int64(maxParallelism), int64(parallelism)
	first := (i*groups + subtasks - 1) / subtasks
	last := ((i+1)*groups - 1) / subtasks
	return KeyGroups(int32(first), int32(last))
}

// DefaultMaxParallelism returns the max parallelism that Flink gives to an
// operator of the parallelism if nobody sets one: half as much again, rounded up
// to a power of two, within bounds.
func DefaultMaxParallelism(parallelism int32) int32 {
	wanted := int64(parallelism) + int64(parallelism)/2
	rounded := int64(1) << bits.Len64(uint64(max(wanted, 1)-1))
	return int32(min(max(rounded, DefaultLowerBoundMaxParallelism), UpperBoundMaxParallelism))
}

// murmurHash is MurmurHash3 of the four bytes of a hash code, made non-negative.
func murmurHash(code int32) int32 {
	x := uint32(code) * 0xcc9e2d51
	x = bits.RotateLeft32(x, 15) * 0x1b873593
	x = bits.RotateLeft32(x, 13)*5 + 0xe6546b64
	x ^= 4 // bytes hashed
	x = (x ^ x>>16) * 0x85ebca6b
	x = (x ^ x>>13) * 0xc2b2ae35
	return nonNegative(int32(x ^ x>>16))
}

// nonNegative turns the sign around, where Java can: the smallest number, which
// has no positive counterpart, becomes 0.
func nonNegative(v int32) int32 {
	switch {
	case v >= 0:
		return v
	case v == -v:
		return 0
	default:
		return -v
	}
}
