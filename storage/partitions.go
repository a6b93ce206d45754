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
// beginnings are left: read it by [OpenStateAt].
func PartitionRanges(h checkpoint.OperatorStateHandle) ([][]StateRange, error) {
	if h == nil {
		return nil, nil
	}
	begins := []int64{h.StateSize()}
	for _, state := range h.Partitions() {
		begins = append(begins, state.Offsets...)
	}
	slices.Sort(begins)
	if size := h.StateSize(); begins[0] < 0 || begins[len(begins)-1] > size {
		return nil, fmt.Errorf("storage: the metadata is damaged: partitions at %d to %d of state that has %d bytes",
			begins[0], begins[len(begins)-1], size)
	}
	ranges := make([][]StateRange, len(h.Partitions()))
	for i, state := range h.Partitions() {
		for _, begin := range state.Offsets {
			next, _ := slices.BinarySearch(begins, begin+1)
			ranges[i] = append(ranges[i], StateRange{begin, begins[min(next, len(begins)-1)] - begin})
		}
	}
	return ranges, nil
}
