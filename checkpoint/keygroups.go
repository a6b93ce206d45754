package checkpoint

import "fmt"

// KeyGroupRange is a run of key groups: Count of them from Start on. Key groups
// are the atoms of keyed state: a job has as many as its max parallelism, and
// each subtask owns one run. The zero value is the empty range.
type KeyGroupRange struct {
	Start int32
	Count int32
}

// KeyGroups returns the range from first to last, both included, as Flink
// prints ranges. It is empty if last is less than first.
func KeyGroups(first, last int32) KeyGroupRange {
	if last < first {
		return KeyGroupRange{}
	}
	return KeyGroupRange{Start: first, Count: last - first + 1}
}

// Last returns the last key group of the range; Start-1 if it is empty.
func (r KeyGroupRange) Last() int32 { return r.Start + r.Count - 1 }

// Empty reports whether the range holds no key group.
func (r KeyGroupRange) Empty() bool { return r.Count <= 0 }

// Contains reports whether the key group is in the range.
func (r KeyGroupRange) Contains(keyGroup int32) bool {
	return keyGroup >= r.Start && int64(keyGroup) < int64(r.Start)+int64(r.Count)
}

// Intersection returns the key groups that are in both ranges.
func (r KeyGroupRange) Intersection(other KeyGroupRange) KeyGroupRange {
	return KeyGroups(max(r.Start, other.Start), min(r.Last(), other.Last()))
}

// String returns the range as Flink prints it, both ends included: [0, 63].
func (r KeyGroupRange) String() string {
	if r.Empty() {
		return "[]"
	}
	return fmt.Sprintf("[%d, %d]", r.Start, r.Last())
}
