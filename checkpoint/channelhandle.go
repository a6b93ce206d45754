package checkpoint

// ChannelInfo names one channel of a task. On the input side Group is the index
// of the input gate and Index that of the channel in it; on the output side they
// are the indexes of the result partition and of the subpartition in it.
type ChannelInfo struct {
	Group int32
	Index int32
}

// ChannelStateHandle is records that were in flight when an unaligned
// checkpoint was taken. It is one of *SingleChannelStateHandle and
// *MergedChannelStateHandle.
type ChannelStateHandle interface {
	// StateSize is the number of bytes of the channels as Flink counts them.
	StateSize() int64

	// DelegateState returns the handle on the bytes, which others may share.
	DelegateState() StreamStateHandle

	channelStateHandle()
}

// SingleChannelStateHandle is the state of one channel (Flink:
// InputChannelStateHandle and ResultSubpartitionStateHandle).
type SingleChannelStateHandle struct {
	SubtaskIndex int32 // of the subtask that wrote it
	Channel      ChannelInfo
	Offsets      []int64 // in the delegate
	Size         int64
	Delegate     StreamStateHandle
}

// MergedChannelStateHandle is the state of several channels of a subtask that
// share a delegate (metadata version 6; Flink: MergedInputChannelStateHandle and
// MergedResultSubpartitionStateHandle).
type MergedChannelStateHandle struct {
	SubtaskIndex int32
	Size         int64
	Delegate     StreamStateHandle
	// ChannelOffsets is the encoded list of channels, which Channels decodes.
	ChannelOffsets []byte
}

// StateSize returns the size that the handle states.
func (h *SingleChannelStateHandle) StateSize() int64 { return h.Size }

// StateSize returns the size that the handle states.
func (h *MergedChannelStateHandle) StateSize() int64 { return h.Size }

// DelegateState returns the handle on the bytes.
func (h *SingleChannelStateHandle) DelegateState() StreamStateHandle { return h.Delegate }

// DelegateState returns the handle on the bytes.
func (h *MergedChannelStateHandle) DelegateState() StreamStateHandle { return h.Delegate }

func (*SingleChannelStateHandle) channelStateHandle() {}
func (*MergedChannelStateHandle) channelStateHandle() {}
