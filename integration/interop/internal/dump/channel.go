package dump

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// channelOf returns how to describe the channel state of one direction: the
// values do not know theirs, Flink has a class for each.
func channelOf(class string) func(checkpoint.ChannelStateHandle) any {
	return func(handle checkpoint.ChannelStateHandle) any {
		switch h := handle.(type) {
		case *checkpoint.SingleChannelStateHandle:
			o := channel(h.Channel, h.Offsets, h.Size)
			o["class"] = class
			o["subtaskIndex"] = int64(h.SubtaskIndex)
			o["delegate"] = stream(h.Delegate)
			return o
		case *checkpoint.MergedChannelStateHandle:
			return mergedChannels("Merged"+class, h)
		}
		panic(fmt.Sprintf("dump: no words for the channel state handle %T", handle))
	}
}

func channel(c checkpoint.ChannelInfo, offsets []int64, size int64) object {
	return object{
		"info":    list{int64(c.Group), int64(c.Index)},
		"offsets": numbers(offsets),
		"size":    size,
	}
}
