package storage

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// KeyGroupRanges returns where the key groups of a full snapshot are, for
// [ReadStateRanges] of the handle's delegate: a range for each key group of h.Range, in
// its order, so that a part is of key group h.Range.Start + [StatePart.Index]. A key
// group for which nothing was written, and whose offset is -1, has an empty range.
// (Flink's managed state says so by 0, where the header is.)
//
// Metadata tells where key groups begin. Each ends where the next one begins, and the
// last at the end of the delegate. A handle that was cut for a subtask has forgotten
// which key groups follow, and its last range takes them in. Flink asks for no end: its
// key groups tell their own, by a count or by a mark. So must those of whoever cuts
// handles; then the rest of the last range is left unread.
//
// An offset outside of the delegate is [ErrOutsideState].
func KeyGroupRanges(h *checkpoint.KeyGroupsStateHandle) ([]StateRange, error) {
	if len(h.Offsets) != int(h.Range.Count) {
		return nil, fmt.Errorf("storage: the metadata is damaged: %d offsets for the %d key groups %s", len(h.Offsets), h.Range.Count, h.Range)
	}
	size := h.StateSize()
	if size < 0 {
		return nil, fmt.Errorf("storage: key groups %s of %s: %w", h.Range, nameOf(h.Delegate), errNoSize)
	}
	last := make(map[int64]int, len(h.Offsets))
	begins := []int64{size}
	for i, offset := range h.Offsets {
		if offset < nothingWritten || offset > size {
			return nil, outside(fmt.Sprintf("key group %d", h.Range.Start+int32(i)), offset, h.Delegate, size)
		}
		last[offset] = i
		begins = append(begins, offset)
	}
	slices.Sort(begins)
	ranges := make([]StateRange, len(h.Offsets))
	for i, begin := range h.Offsets {
		switch {
		case begin == nothingWritten:
		case last[begin] > i: // the bytes are those of the later one
			ranges[i] = StateRange{begin, 0}
		default:
			ranges[i] = rangeFrom(begin, begins)
		}
	}
	return ranges, nil
}

// nothingWritten stands for the offset of a key group for which nothing was written
// (Flink: KeyedStateCheckpointOutputStream.NO_OFFSET_SET).
const nothingWritten = -1
