package storage

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// PartitionRanges returns where the partitions of operator state are, for
// [ReadStateRanges] of the handle's delegate: a list for each of h.Partitions(), in
// their order. Metadata tells where partitions begin; each ends where the next one
// begins, of whatever name, and the last at the end.
//
// h must be as the checkpoint has it. Of one that was dealt out to subtasks only the
// beginnings are left: read it by [OpenStateAt]. An offset outside of the delegate is
// [ErrOutsideState].
func PartitionRanges(h checkpoint.OperatorStateHandle) ([][]StateRange, error) {
	if h == nil {
		return nil, nil
	}
	size := h.StateSize()
	if size < 0 {
		return nil, fmt.Errorf("storage: partitions of %s: %w", nameOf(h.DelegateState()), errNoSize)
	}
	begins := []int64{size}
	for _, state := range h.Partitions() {
		for i, offset := range state.Offsets {
			if offset < 0 || offset > size {
				return nil, outside(fmt.Sprintf("partition %d of %q", i, state.Name), offset, h.DelegateState(), size)
			}
		}
		begins = append(begins, state.Offsets...)
	}
	slices.Sort(begins)
	ranges := make([][]StateRange, len(h.Partitions()))
	for i, state := range h.Partitions() {
		for _, begin := range state.Offsets {
			ranges[i] = append(ranges[i], rangeFrom(begin, begins))
		}
	}
	return ranges, nil
}

// rangeFrom returns the range that ends where the next one begins. begins is sorted, and
// the end of all is among them.
func rangeFrom(begin int64, begins []int64) StateRange {
	next, _ := slices.BinarySearch(begins, begin+1)
	return StateRange{begin, begins[min(next, len(begins)-1)] - begin}
}
