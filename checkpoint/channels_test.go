package checkpoint_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
)

func someChannels() []checkpoint.ChannelOffsets {
	return []checkpoint.ChannelOffsets{
		{Channel: checkpoint.ChannelInfo{Group: 0, Index: 0}, Size: 16, Offsets: []int64{4}},
		{Channel: checkpoint.ChannelInfo{Group: 0, Index: 1}, Size: 20, Offsets: []int64{24, 40}},
		{Channel: checkpoint.ChannelInfo{Group: 2, Index: 1}, Size: 0, Offsets: []int64{}},
	}
}

func TestMergedChannels(t *testing.T) {
	delegate := &checkpoint.FileStateHandle{Path: "file:/f", Size: 60}
	h := checkpoint.MergeChannels(3, delegate, someChannels())
	if h.StateSize() != 36 || h.SubtaskIndex != 3 || h.DelegateState() != delegate {
		t.Errorf("merged to %+v", h)
	}
	got, err := h.Channels()
	if diff := cmp.Diff(someChannels(), got); err != nil || diff != "" {
		t.Errorf("channels (-want +got), error %v:\n%s", err, diff)
	}
}

// TestMergedChannelsDamaged cuts the list at each byte, and adds one.
func TestMergedChannelsDamaged(t *testing.T) {
	whole := checkpoint.MergeChannels(0, nil, someChannels()).ChannelOffsets
	damaged := [][]byte{append(bytes.Clone(whole), 0), {0xff, 0xff, 0xff, 0xff}, {0x7f, 0xff, 0xff, 0xff}}
	for n := range whole {
		damaged = append(damaged, whole[:n])
	}
	for _, list := range damaged {
		h := checkpoint.MergedChannelStateHandle{ChannelOffsets: list}
		if got, err := h.Channels(); !errors.Is(err, checkpoint.ErrChannelOffsets) {
			t.Errorf("% x: %v, error %v; want ErrChannelOffsets", list, got, err)
		}
	}
}

func FuzzMergedChannels(f *testing.F) {
	f.Add(checkpoint.MergeChannels(0, nil, someChannels()).ChannelOffsets)
	f.Add([]byte{0, 0, 0, 0})
	f.Add([]byte{0x7f, 0xff, 0xff, 0xff, 0})
	f.Fuzz(func(t *testing.T, list []byte) {
		h := checkpoint.MergedChannelStateHandle{ChannelOffsets: list}
		channels, err := h.Channels()
		if err != nil {
			return
		}
		if again := checkpoint.MergeChannels(0, nil, channels).ChannelOffsets; !bytes.Equal(again, list) {
			t.Errorf("% x becomes % x", list, again)
		}
	})
}
