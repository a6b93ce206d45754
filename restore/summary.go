package restore

import (
	"cmp"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// Summary is what one subtask gets of one operator, in numbers.
type Summary struct {
	// States are the named operator states, by name.
	States []StateShare

	// Bytes by kind, in Flink's count: the sizes of the handles, so a file of
	// which a subtask reads a part counts in full.
	ManagedOperatorBytes    int64
	RawOperatorBytes        int64
	ManagedKeyedBytes       int64
	RawKeyedBytes           int64
	InputChannelBytes       int64
	ResultSubpartitionBytes int64

	// Files is the number of files to read, each once, and FileBytes their size.
	Files     int
	FileBytes int64

	// InlineBytes are those that need no file: the metadata holds them, as state
	// that is small. In-memory changelogs are not among them.
	InlineBytes int64
}

// StateShare is what one subtask gets of one named operator state.
type StateShare struct {
	Name       string
	Raw        bool
	Mode       checkpoint.OperatorStateMode
	Partitions int // number of list elements
}

// StateBytes is the sum of the bytes by kind.
func (s *Summary) StateBytes() int64 {
	return s.ManagedOperatorBytes + s.RawOperatorBytes + s.ManagedKeyedBytes + s.RawKeyedBytes +
		s.InputChannelBytes + s.ResultSubpartitionBytes
}

// Summary counts what the subtask gets. With union state it takes time in
// proportion to the old parallelism.
func (o *OperatorRestore) Summary() Summary {
	s := Summary{
		ManagedKeyedBytes:       keyedBytes(o.ManagedKeyedState),
		RawKeyedBytes:           keyedBytes(o.RawKeyedState),
		InputChannelBytes:       channelBytes(o.InputChannels) + channelBytes(o.UpstreamOutputBuffers),
		ResultSubpartitionBytes: channelBytes(o.ResultSubpartitions),
	}
	s.ManagedOperatorBytes = s.addStates(o.ManagedOperatorState, false)
	s.RawOperatorBytes = s.addStates(o.RawOperatorState, true)
	s.addFiles(o)
	return s
}

func (s *Summary) addStates(handles OperatorStateHandles, raw bool) (bytes int64) {
	shares := map[StateShare]int{}
	for h := range handles.All() {
		bytes += h.StateSize()
		for _, meta := range h.Partitions() {
			shares[StateShare{Name: meta.Name, Raw: raw, Mode: meta.Mode}] += len(meta.Offsets)
		}
	}
	added := len(s.States)
	for share, partitions := range shares {
		share.Partitions = partitions
		s.States = append(s.States, share)
	}
	slices.SortFunc(s.States[added:], func(a, b StateShare) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Mode, b.Mode))
	})
	return bytes
}

func (s *Summary) addFiles(o *OperatorRestore) {
	seen := map[fileID]bool{}
	for h := range o.Streams() {
		id := identify(h)
		if seen[id] {
			continue
		}
		seen[id] = true
		switch id.kind {
		case inline:
			s.InlineBytes += h.StateSize()
		case emptySegment, otherFile:
		default:
			s.Files++
			s.FileBytes += max(h.StateSize(), 0)
		}
	}
}

func keyedBytes(handles []checkpoint.KeyedStateHandle) (bytes int64) {
	for _, h := range handles {
		bytes += h.StateSize()
	}
	return bytes
}

func channelBytes(handles ChannelHandles) (bytes int64) {
	for h := range handles.All() {
		bytes += h.StateSize()
	}
	return bytes
}
