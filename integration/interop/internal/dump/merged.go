package dump

import (
	"encoding/binary"

	"github.com/cairnstate/cairn/checkpoint"
)

func mergedChannels(class string, h *checkpoint.MergedChannelStateHandle) any {
	return object{
		"class":          class,
		"subtaskIndex":   int64(h.SubtaskIndex),
		"size":           h.Size,
		"channelOffsets": hexOrDigest(h.ChannelOffsets),
		"channels":       channels(h.ChannelOffsets),
		"delegate":       stream(h.Delegate),
	}
}

// channels reads a list that Flink or our own generator encoded, so it is whole.
func channels(b []byte) list {
	i32 := func() int32 {
		v := int32(binary.BigEndian.Uint32(b))
		b = b[4:]
		return v
	}
	i64 := func() int64 {
		v := int64(binary.BigEndian.Uint64(b))
		b = b[8:]
		return v
	}
	described := make(list, i32())
	for i := range described {
		info := checkpoint.ChannelInfo{Group: i32(), Index: i32()}
		size := i64()
		offsets := make([]int64, i32())
		for j := range offsets {
			offsets[j] = i64()
		}
		described[i] = channel(info, offsets, size)
	}
	return described
}
