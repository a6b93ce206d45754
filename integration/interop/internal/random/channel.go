package random

import (
	"encoding/binary"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

func (g *Generator) channels(subtask int32) *checkpoint.ChannelState {
	c := &checkpoint.ChannelState{
		Input:              g.direction("input", subtask),
		ResultSubpartition: g.direction("output", subtask),
	}
	if c.Input == nil && c.ResultSubpartition == nil {
		return nil
	}
	return c
}

func (g *Generator) direction(name string, subtask int32) []checkpoint.ChannelStateHandle {
	var handles []checkpoint.ChannelStateHandle
	for range g.few(0.3, 4) {
		h := g.channel(subtask)
		g.hit(fmt.Sprintf("%s: %T", name, h))
		handles = append(handles, h)
	}
	return handles
}

func (g *Generator) channel(subtask int32) checkpoint.ChannelStateHandle {
	delegate := g.stream("channel state")
	if g.version >= metadata.Version6 && g.chance(0.4) {
		size, offsets := g.channelOffsets()
		return &checkpoint.MergedChannelStateHandle{
			SubtaskIndex: int32(g.long()), Size: size, Delegate: delegate, ChannelOffsets: offsets,
		}
	}
	h := &checkpoint.SingleChannelStateHandle{
		SubtaskIndex: subtask,
		Channel:      g.channelInfo(),
		Offsets:      g.longs(g.upTo(4)),
		Size:         g.long(),
		Delegate:     delegate,
	}
	if !g.words.EarlyChannelState() {
		h.SubtaskIndex = int32(g.long()) // of another subtask, before it was rescaled
	}
	return h
}

func (g *Generator) channelInfo() checkpoint.ChannelInfo {
	return checkpoint.ChannelInfo{Group: int32(g.long()), Index: int32(g.long())}
}

// channelOffsets encodes some channels as a merged handle holds them, and
// returns the sum of their sizes.
func (g *Generator) channelOffsets() (size int64, b []byte) {
	n := 1 + g.upTo(4)
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	for range n {
		info, part, offsets := g.channelInfo(), g.long(), g.longs(g.upTo(4))
		b = binary.BigEndian.AppendUint32(b, uint32(info.Group))
		b = binary.BigEndian.AppendUint32(b, uint32(info.Index))
		b = binary.BigEndian.AppendUint64(b, uint64(part))
		b = binary.BigEndian.AppendUint32(b, uint32(len(offsets)))
		for _, o := range offsets {
			b = binary.BigEndian.AppendUint64(b, uint64(o))
		}
		size += part
	}
	return size, b
}
