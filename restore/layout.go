package restore

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// layout is how the bytes of one stream are divided: each part begins at an
// offset and ends where the next begins. It is made of the handle as the
// checkpoint has it; one that was cut does not know where its last part ends.
type layout struct {
	size    int64
	offsets []int64 // distinct, ascending
}

// part returns the number of bytes from an offset to the next.
func (l *layout) part(offset int64) int64 {
	end := l.size
	if i, _ := slices.BinarySearch(l.offsets, offset+1); i < len(l.offsets) {
		end = l.offsets[i]
	}
	return max(end-offset, 0)
}

// head returns the number of bytes before the first part, which whoever reads any
// part reads too: the serializers of the state.
func (l *layout) head() int64 {
	if len(l.offsets) == 0 {
		return l.size
	}
	return l.offsets[0]
}

// layouts are the layouts of an operator's streams.
type layouts struct {
	streams map[fileID]*layout
	logs    map[logID]int64 // sizes of changelogs, which they forget when they are cut
}

func newLayouts() layouts {
	return layouts{streams: map[fileID]*layout{}, logs: map[logID]int64{}}
}

// logID tells changelogs apart by where their first part begins: files of changes
// are shared by subtasks and operators.
type logID struct {
	file   fileID
	offset int64
}

func identifyLog(h *checkpoint.ChangelogFileStateHandle) logID {
	if len(h.Parts) == 0 {
		return logID{}
	}
	return logID{identify(h.Parts[0].Handle), h.Parts[0].Offset}
}

// logSize returns the bytes of a changelog; of one that was cut before it was
// stored, at most those of its files.
func logSize(h *checkpoint.ChangelogFileStateHandle) (bytes int64) {
	if h.Size > 0 {
		return h.Size
	}
	for i := range h.Parts {
		bytes += sizeOfStream(h.Parts[i].Handle)
	}
	return bytes
}

// The least offset that says that there is data. Managed keyed state has a header
// in front, and RocksDB leaves 0 for key groups without data; raw state may begin at 0.
const (
	managedData int64 = 1
	rawData     int64 = 0
)

func (ls layouts) addKeyed(h checkpoint.KeyedStateHandle, least int64) {
	switch h := h.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		ls.add(h.Delegate, h.Offsets, least)
	case *checkpoint.ChangelogStateBackendHandle:
		for _, parts := range [][]checkpoint.KeyedStateHandle{h.Materialized, h.NonMaterialized} {
			for _, part := range parts {
				ls.addKeyed(part, least)
			}
		}
	case *checkpoint.ChangelogFileStateHandle:
		ls.logs[identifyLog(h)] = logSize(h)
	}
}

func (ls layouts) addOperator(h checkpoint.OperatorStateHandle) {
	if h == nil {
		return
	}
	for _, meta := range h.Partitions() {
		ls.add(h.DelegateState(), meta.Offsets, rawData)
	}
}

func (ls layouts) add(stream checkpoint.StreamStateHandle, offsets []int64, least int64) {
	id := identify(stream)
	l := ls.streams[id]
	if l == nil {
		l = &layout{size: sizeOfStream(stream)}
		ls.streams[id] = l
	}
	for _, offset := range offsets {
		if offset >= least {
			l.offsets = append(l.offsets, offset)
		}
	}
}

// seal sorts the offsets, after which the layouts can be asked.
func (ls layouts) seal() {
	for _, l := range ls.streams {
		slices.Sort(l.offsets)
		l.offsets = slices.Compact(l.offsets)
	}
}

// sizeOfStream takes a size that Flink could not find out for none.
func sizeOfStream(h checkpoint.StreamStateHandle) int64 {
	if h == nil {
		return 0
	}
	return max(h.StateSize(), 0)
}
