package checkpoint

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ChannelOffsets is one of the channels in a MergedChannelStateHandle: where its
// records are in the delegate.
type ChannelOffsets struct {
	Channel ChannelInfo
	Size    int64
	Offsets []int64
}

// ErrChannelOffsets says that the encoded list of channels of a
// MergedChannelStateHandle is damaged.
var ErrChannelOffsets = errors.New("damaged list of channels in merged channel state")

// The encoding of the list:
//
//	i32 n, then n times
//	i32 group, i32 index, i64 size, i32 n, n i64 offsets
const channelOffsetsBytes = 20 // of a channel, at least

// Channels decodes ChannelOffsets. The result shares nothing with the handle.
func (h *MergedChannelStateHandle) Channels() ([]ChannelOffsets, error) {
	data := h.ChannelOffsets
	n, data, ok := takeCount(data, channelOffsetsBytes)
	if !ok {
		return nil, fmt.Errorf("%w: %d bytes do not hold the channels announced", ErrChannelOffsets, len(h.ChannelOffsets))
	}
	channels := make([]ChannelOffsets, n)
	for i := range channels {
		if data, ok = channels[i].take(data); !ok {
			return nil, fmt.Errorf("%w: channel %d of %d is cut off", ErrChannelOffsets, i+1, n)
		}
	}
	if len(data) > 0 {
		return nil, fmt.Errorf("%w: %d bytes left after %d channels", ErrChannelOffsets, len(data), n)
	}
	return channels, nil
}

// take decodes a channel and returns the data after it.
func (c *ChannelOffsets) take(data []byte) ([]byte, bool) {
	if len(data) < channelOffsetsBytes {
		return nil, false
	}
	c.Channel.Group = int32(binary.BigEndian.Uint32(data))
	c.Channel.Index = int32(binary.BigEndian.Uint32(data[4:]))
	c.Size = int64(binary.BigEndian.Uint64(data[8:]))
	n, data, ok := takeCount(data[16:], 8)
	if !ok {
		return nil, false
	}
	c.Offsets = make([]int64, n)
	for i := range c.Offsets {
		c.Offsets[i] = int64(binary.BigEndian.Uint64(data[8*i:]))
	}
	return data[8*n:], true
}

// takeCount decodes a count of things that take so many bytes each, at least.
func takeCount(data []byte, size int) (n int, rest []byte, ok bool) {
	if len(data) < 4 {
		return 0, nil, false
	}
	n, rest = int(int32(binary.BigEndian.Uint32(data))), data[4:]
	return n, rest, n >= 0 && n <= len(rest)/size
}

// MergeChannels returns one handle for several channels of a subtask that have
// their records in the same delegate.
func MergeChannels(subtask int32, delegate StreamStateHandle, channels []ChannelOffsets) *MergedChannelStateHandle {
	h := &MergedChannelStateHandle{SubtaskIndex: subtask, Delegate: delegate}
	list := binary.BigEndian.AppendUint32(nil, uint32(len(channels)))
	for _, c := range channels {
		h.Size += c.Size
		list = binary.BigEndian.AppendUint32(list, uint32(c.Channel.Group))
		list = binary.BigEndian.AppendUint32(list, uint32(c.Channel.Index))
		list = binary.BigEndian.AppendUint64(list, uint64(c.Size))
		list = binary.BigEndian.AppendUint32(list, uint32(len(c.Offsets)))
		for _, offset := range c.Offsets {
			list = binary.BigEndian.AppendUint64(list, uint64(offset))
		}
	}
	h.ChannelOffsets = list
	return h
}
