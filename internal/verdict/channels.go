package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
)

func channels(handles restore.ChannelHandles) string {
	return join(slices.Collect(handles.All()), channel)
}

func sortedChannels(handles restore.ChannelHandles) string {
	return sorted(slices.Collect(handles.All()), channel)
}

func channel(h *checkpoint.SingleChannelStateHandle) string {
	return fmt.Sprintf("%d/%d/%d%d%d@%s", h.SubtaskIndex, h.Channel.Group, h.Channel.Index, h.Offsets, h.Size, stream(h.Delegate))
}

func descriptor(d restore.RescalingDescriptor) string { return join(d, gate) }

func gate(g restore.GateRescaling) string {
	if g.NoState {
		return "(no state)"
	}
	identity := ")"
	if g.Identity {
		identity = " identity)"
	}
	return fmt.Sprintf("(old%s channels%s ambiguous%d%s", indexes(g.OldSubtasks), strings.Join(rows(g.Channels), ""), g.Ambiguous, identity)
}

// rows are those up to the last that is not empty; Flink keeps no more of them.
func rows(m *restore.Mapping) []string {
	var rows []string
	for i := range m.NewSubtasks {
		rows = append(rows, indexes(m.Old(i)))
	}
	for len(rows) > 0 && rows[len(rows)-1] == "[]" {
		rows = rows[:len(rows)-1]
	}
	return rows
}

func indexes(x restore.Indexes) string { return fmt.Sprint(slices.Collect(x.All())) }
