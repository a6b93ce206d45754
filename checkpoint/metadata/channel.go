package metadata

import "github.com/cairnstate/cairn/checkpoint"

// Channel state is two lists, i32 n and n handles each: of input channels, and
// of result subpartitions. A handle is
//
//	u8 type                    from version 6 on: 1 input channel, 2 result subpartition,
//	                           3 and 4 the same, merged
//	i32 subtask                not of Flink 1.11
//	i32 group, i32 index       gate and channel, or partition and subpartition
//	i32 n, n i64 offsets
//	i64 size
//	stream handle
//
// and if merged
//
//	i32 subtask, i64 size, stream handle, i32 length, bytes that tell the channels
//
// In version 7, u8 1 and i64 checkpoint id follow the lists, or another byte.

// direction is one of the two lists, with the types of its handles.
type direction struct {
	what           string
	single, merged byte
}

var (
	inputChannels   = direction{"input channel state", 1, 3}
	resultPartition = direction{"result subpartition state", 2, 4}
)

const (
	earlyChannelBytes = 21 // of a handle, at least
	hasRefCheckpoint  = 1
)

func (d *decoder) channelState(subtask int32) *checkpoint.ChannelState {
	state := checkpoint.ChannelState{
		Input:              d.channels(inputChannels, subtask),
		ResultSubpartition: d.channels(resultPartition, subtask),
	}
	if d.version == Version7 && d.u8() == hasRefCheckpoint {
		state.HasRefCheckpointID, state.RefCheckpointID = true, d.i64()
	}
	if state.Input == nil && state.ResultSubpartition == nil && !state.HasRefCheckpointID {
		return nil
	}
	kept := d.mem.inFlight.one(d)
	*kept = state
	return kept
}

func (e *encoder) channelState(state *checkpoint.ChannelState) {
	if state == nil {
		state = &checkpoint.ChannelState{}
	}
	e.channels(inputChannels, state.Input)
	e.channels(resultPartition, state.ResultSubpartition)
	switch {
	case e.version == Version7 && state.HasRefCheckpointID:
		e.u8(hasRefCheckpoint)
		e.i64(state.RefCheckpointID)
	case e.version == Version7:
		e.u8(0)
	case state.HasRefCheckpointID:
		e.fail("a reference to checkpoint %d needs version 7", state.RefCheckpointID)
	}
}

func (d *decoder) channels(dir direction, subtask int32) []checkpoint.ChannelStateHandle {
	if d.peekI32() < 0 {
		d.i32() // as Flink, which counts up from 0 and never gets there
		return nil
	}
	list := d.mem.channels.slice(d, d.count("channel state handles", d.channelBytes()))
	for i := range d.each(dir.what, len(list)) {
		list[i] = d.channelHandle(dir, subtask)
	}
	return list
}

func (d *decoder) channelBytes() int {
	switch {
	case d.earlyChannels:
		return earlyChannelBytes
	case d.version >= Version6:
		return 18 // merged
	default:
		return earlyChannelBytes + 4
	}
}

func (e *encoder) channels(dir direction, list []checkpoint.ChannelStateHandle) {
	e.count(len(list))
	for i := range e.each(dir.what, len(list)) {
		e.channelHandle(dir, list[i])
	}
}

func (d *decoder) channelHandle(dir direction, subtask int32) checkpoint.ChannelStateHandle {
	if d.version < Version6 {
		return d.channel(subtask)
	}
	switch kind := d.u8(); kind {
	case dir.single:
		return d.channel(subtask)
	case dir.merged:
		return d.mergedChannel()
	default:
		d.unknownTag(dir.what, kind)
		return nil
	}
}

func (e *encoder) channelHandle(dir direction, h checkpoint.ChannelStateHandle) {
	if e.nilPointer(h) {
		return
	}
	switch h := h.(type) {
	case *checkpoint.SingleChannelStateHandle:
		if e.version >= Version6 {
			e.tag(dir.single)
		}
		e.channel(h)
	case *checkpoint.MergedChannelStateHandle:
		if e.version < Version6 {
			e.fail("merged channel state needs version 6, this is version %d", e.version)
		}
		e.tag(dir.merged)
		e.mergedChannel(h)
	default:
		e.fail("there is no channel state handle where one must be")
	}
}

func (d *decoder) channel(subtask int32) *checkpoint.SingleChannelStateHandle {
	h := d.mem.channel.one(d)
	if h.SubtaskIndex = subtask; !d.earlyChannels {
		h.SubtaskIndex = d.i32()
	}
	h.Channel = checkpoint.ChannelInfo{Group: d.i32(), Index: d.i32()}
	h.Offsets = d.longs(d.count("offsets", 8))
	h.Size = d.i64()
	h.Delegate = d.delegate()
	return h
}

func (e *encoder) channel(h *checkpoint.SingleChannelStateHandle) {
	if !e.earlyChannels {
		e.i32(h.SubtaskIndex)
	}
	e.i32(h.Channel.Group)
	e.i32(h.Channel.Index)
	e.count(len(h.Offsets))
	e.longs(h.Offsets)
	e.i64(h.Size)
	e.delegate(h.Delegate)
}

func (d *decoder) mergedChannel() *checkpoint.MergedChannelStateHandle {
	h := d.mem.merged.one(d)
	h.SubtaskIndex, h.Size = d.i32(), d.i64()
	h.Delegate = d.delegate()
	h.ChannelOffsets = d.bytes32()
	return h
}

func (e *encoder) mergedChannel(h *checkpoint.MergedChannelStateHandle) {
	e.i32(h.SubtaskIndex)
	e.i64(h.Size)
	e.delegate(h.Delegate)
	e.bytes32(h.ChannelOffsets)
}
