package pairs

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// channels is what was in flight around the subtask: before the head of the
// chain and behind its tail, and rarely where the chain was not one yet.
func (p *past) channels() *checkpoint.ChannelState {
	v := &p.c.Vertices[p.vertex]
	state := &checkpoint.ChannelState{}
	if p.position == 0 || p.one(100) {
		state.Input = p.handles("input", len(v.Inputs))
	}
	if p.position == len(v.Operators)-1 || p.one(100) {
		state.ResultSubpartition = p.handles("output", p.outputs[p.vertex])
	}
	if len(state.Input)+len(state.ResultSubpartition) == 0 {
		return nil
	}
	return state
}

func (p *past) handles(kind string, groups int) (handles []checkpoint.ChannelStateHandle) {
	if p.one(150) {
		groups++ // a gate that is gone
	}
	delegate := p.file(kind)
	for group := range groups {
		if p.one(2) {
			continue
		}
		channels := p.channelsOf(int32(group))
		if p.merged {
			handles = append(handles, checkpoint.MergeChannels(p.subtask, delegate, channels))
			continue
		}
		for _, c := range channels {
			handles = append(handles, &checkpoint.SingleChannelStateHandle{
				SubtaskIndex: p.subtask, Channel: c.Channel, Offsets: c.Offsets, Size: c.Size,
				Delegate: p.file(fmt.Sprintf("%s/%d/%d", kind, group, c.Channel.Index)),
			})
		}
	}
	return handles
}

func (p *past) channelsOf(group int32) (channels []checkpoint.ChannelOffsets) {
	for range 1 + p.IntN(2) {
		channels = append(channels, checkpoint.ChannelOffsets{
			Channel: checkpoint.ChannelInfo{Group: group, Index: p.Int32N(3)},
			Size:    5, Offsets: []int64{1, 2},
		})
	}
	return channels
}
