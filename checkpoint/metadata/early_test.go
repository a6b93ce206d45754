package metadata_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// Channel state of Flink 1.11, which lacks the index of the subtask, and the
// same of a later Flink.
func earlyChannels() (early, current string) {
	element := "00000001 00000002 00000001 0000000000000010 0000000000000020" + fileHex
	core := "00000000 00000000 00 00"
	with := func(channels string) string {
		return strings.Replace(frame(3, core), core+"00000000 00000000", core+channels+"00000000", 1)
	}
	return with("00000002" + element + element), with("00000002 00000000" + element + "00000000" + element)
}

func TestEarlyChannelState(t *testing.T) {
	early, current := earlyChannels()
	tests := []struct {
		name      string
		data      string
		layout    metadata.ChannelStateLayout
		wantEarly bool
		fails     bool
	}{
		{"early, found out", early, metadata.ChannelStateAuto, true, false},
		{"early, asked for", early, metadata.ChannelStateEarly, true, false},
		{"early, not allowed", early, metadata.ChannelStateCurrent, false, true},
		{"current", current, metadata.ChannelStateAuto, false, false},
		{"current, and early asked for", current, metadata.ChannelStateEarly, false, true},
		{"neither, in the middle", strings.Replace(early, "0003 613a62", "7003 613a62", 1), metadata.ChannelStateAuto, false, true},
		{"early, and something behind", early + "00", metadata.ChannelStateAuto, false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := unhex(t, test.data)
			f, err := metadata.Decode(data, &metadata.DecodeOptions{ChannelState: test.layout})
			if test.fails != (err != nil) {
				t.Fatalf("error %v", err)
			}
			if err != nil {
				return
			}
			if f.EarlyChannelState != test.wantEarly {
				t.Errorf("early layout: %v, want %v", f.EarlyChannelState, test.wantEarly)
			}
			h := f.Operators[0].Subtasks[0].State.Channels.Input[1].(*checkpoint.SingleChannelStateHandle)
			if h.Channel != (checkpoint.ChannelInfo{Group: 1, Index: 2}) || h.Size != 32 || h.SubtaskIndex != 0 {
				t.Errorf("channel %+v", h)
			}
			if again, err := metadata.Encode(f, nil); err != nil || !bytes.Equal(again, data) {
				t.Errorf("encoded to\n%x, want\n%x; error %v", again, data, err)
			}
		})
	}
}

// TestEarlyChannelStateMovesOn: in a later version the layout is the current one.
func TestEarlyChannelStateMovesOn(t *testing.T) {
	early, current := earlyChannels()
	f, err := metadata.Decode(unhex(t, early), nil)
	if err != nil {
		t.Fatal(err)
	}
	f.EarlyChannelState = false
	if got, err := metadata.Encode(f, nil); err != nil || !bytes.Equal(got, unhex(t, current)) {
		t.Errorf("encoded to\n%x, want\n%s; error %v", got, current, err)
	}
	f.EarlyChannelState, f.Version = true, metadata.Version4
	data, err := metadata.Encode(f, nil)
	if err != nil {
		t.Fatal(err)
	}
	if g, err := metadata.Decode(data, nil); err != nil || g.EarlyChannelState {
		t.Errorf("version 4 in the early layout; error %v", err)
	}
}

// TestEarlyChangelog: Flink 1.14 knew neither sizes nor ids of changelogs.
func TestEarlyChangelog(t *testing.T) {
	core := "00000000 00000000 08" + rangeHex + "00000001 07" + rangeHex + longsHex + fileHex + "00000002" +
		"09" + rangeHex + "0000000000000001 0000000000000002 00000001 ffffffff 00000001 fe" +
		"0a" + rangeHex + "00000001 0000000000000007" + fileHex + "0000000000000008" + "00"
	data := unhex(t, frame(3, core))
	for layout, fails := range map[metadata.ChangelogLayout]bool{
		metadata.ChangelogAuto: false, metadata.ChangelogEarly: false, metadata.ChangelogCurrent: true,
	} {
		f, err := metadata.Decode(data, &metadata.DecodeOptions{Changelog: layout})
		if fails != (err != nil) {
			t.Fatalf("layout %d: error %v", layout, err)
		}
		if fails {
			continue
		}
		h := f.Operators[0].Subtasks[0].State.ManagedKeyedState.(*checkpoint.ChangelogStateBackendHandle)
		if !f.EarlyChangelog || h.StateSize() != 9+1+8 {
			t.Errorf("layout %d: early: %v, %d bytes of state, want 18", layout, f.EarlyChangelog, h.StateSize())
		}
		if again := encoded(t, f, nil); !bytes.Equal(again, data) {
			t.Errorf("encoded to\n%x, want\n%x", again, data)
		}
	}
	if _, err := metadata.Decode(unhex(t, frame(4, core)), &metadata.DecodeOptions{Changelog: metadata.ChangelogEarly}); err == nil {
		t.Error("version 4 was read in the layout of Flink 1.14")
	}
}
