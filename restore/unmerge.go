package restore

import (
	"encoding/binary"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// unmerge returns the channels of a subtask one by one, those that share a handle
// (metadata version 6) taken apart (Flink: ChannelStateHelper.extractUnmerged…).
func unmerge(handles []checkpoint.ChannelStateHandle) ([]*checkpoint.SingleChannelStateHandle, error) {
	singles := make([]*checkpoint.SingleChannelStateHandle, 0, len(handles))
	for _, h := range handles {
		switch h := h.(type) {
		case *checkpoint.SingleChannelStateHandle:
			singles = append(singles, h)
		case *checkpoint.MergedChannelStateHandle:
			channels, err := channelsOf(h)
			if err != nil {
				return nil, err
			}
			singles = append(singles, channels...)
		}
	}
	return singles, nil
}

// channelsOf decodes the channels of a merged handle: a count, then for each
// group, index, size, and a counted list of offsets, all big-endian.
func channelsOf(h *checkpoint.MergedChannelStateHandle) ([]*checkpoint.SingleChannelStateHandle, error) {
	r := channelReader{data: h.ChannelOffsets}
	var singles []*checkpoint.SingleChannelStateHandle
	for n := r.int32(); n > 0 && !r.short; n-- {
		single := &checkpoint.SingleChannelStateHandle{SubtaskIndex: h.SubtaskIndex, Delegate: h.Delegate}
		single.Channel.Group = r.int32()
		single.Channel.Index = r.int32()
		single.Size = r.int64()
		single.Offsets = r.int64s(r.int32())
		singles = append(singles, single)
	}
	if r.short {
		return nil, fmt.Errorf("merged channel state of subtask %d is cut off after %d channels",
			h.SubtaskIndex, max(len(singles)-1, 0))
	}
	return singles, nil
}

type channelReader struct {
	data  []byte
	short bool // the data ended before the value
}

func (r *channelReader) next(n int) []byte {
	if r.short || len(r.data) < n {
		r.short = true
		return make([]byte, 8)
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

func (r *channelReader) int32() int32 { return int32(binary.BigEndian.Uint32(r.next(4))) }
func (r *channelReader) int64() int64 { return int64(binary.BigEndian.Uint64(r.next(8))) }

func (r *channelReader) int64s(n int32) []int64 {
	if n < 0 || len(r.data)/8 < int(n) { // before anything is allocated for them
		r.short = true
		return nil
	}
	values := make([]int64, n)
	for i := range values {
		values[i] = r.int64()
	}
	return values
}
