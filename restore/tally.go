package restore

import "github.com/cairnstate/cairn/checkpoint"

// tally adds up what has to be read.
type tally struct {
	bytes  int64
	inline int64 // of the bytes, those that the metadata holds
	files  int
}

func (t *tally) add(more tally) {
	t.bytes += more.bytes
	t.inline += more.inline
	t.files += more.files
}

func (t *tally) subtract(less tally) {
	t.bytes -= less.bytes
	t.inline -= less.inline
	t.files -= less.files
}

// stream counts bytes of a stream, in part or in full.
func (t *tally) stream(h checkpoint.StreamStateHandle, bytes int64) {
	t.bytes += bytes
	switch identify(h).kind {
	case inline:
		t.inline += bytes
	case absoluteFile, relativeFile, segment:
		t.files++
	}
}

// keyed counts what a subtask reads of a keyed handle that it was given: of a full
// snapshot its own key groups, of all else everything.
func (ls layouts) keyed(h checkpoint.KeyedStateHandle, least int64) (t tally) {
	switch h := h.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		if bytes := ls.parts(h.Delegate, h.Offsets, least); bytes > 0 {
			t.stream(h.Delegate, bytes)
		}
	case *checkpoint.ChangelogStateBackendHandle:
		for _, parts := range [][]checkpoint.KeyedStateHandle{h.Materialized, h.NonMaterialized} {
			for _, part := range parts {
				t.add(ls.keyed(part, least))
			}
		}
	case *checkpoint.InMemoryChangelogStateHandle:
		t.bytes, t.inline = h.StateSize(), h.StateSize()
	case *checkpoint.ChangelogFileStateHandle:
		for i := range h.Parts {
			t.stream(h.Parts[i].Handle, 0)
		}
		t.bytes += ls.logs[identifyLog(h)]
	default:
		w := streamWalk{yield: func(s checkpoint.StreamStateHandle) bool {
			t.stream(s, sizeOfStream(s))
			return true
		}}
		w.keyed(h)
	}
	return t
}

// operator counts what a subtask reads of a handle on operator state: the elements
// that it was given.
func (ls layouts) operator(h checkpoint.OperatorStateHandle) (t tally) {
	var offsets []int64
	for _, meta := range h.Partitions() {
		offsets = append(offsets, meta.Offsets...)
	}
	if bytes := ls.parts(h.DelegateState(), offsets, rawData); bytes > 0 {
		t.stream(h.DelegateState(), bytes)
	}
	return t
}

// parts returns the bytes at these offsets and the head before them. Flink opens
// managed keyed state before it looks for data, and raw state only if there is any.
func (ls layouts) parts(stream checkpoint.StreamStateHandle, offsets []int64, least int64) (bytes int64) {
	l := ls.streams[identify(stream)]
	if l == nil {
		return sizeOfStream(stream)
	}
	found, last := false, int64(-1)
	for _, offset := range offsets {
		if offset >= least && offset != last { // key groups without data share an offset with the next
			bytes += l.part(offset)
			found, last = true, offset
		}
	}
	if !found && least == rawData {
		return 0
	}
	return bytes + l.head()
}

// stored counts each stream once.
type stored struct {
	seen  map[fileID]bool
	logs  map[logID]bool
	bytes int64
}

func newStored() stored { return stored{seen: map[fileID]bool{}, logs: map[logID]bool{}} }

func (s *stored) stream(h checkpoint.StreamStateHandle) bool {
	id := identify(h)
	if !s.seen[id] {
		s.seen[id] = true
		s.bytes += sizeOfStream(h)
	}
	return true
}

func (s *stored) keyed(h checkpoint.KeyedStateHandle) {
	switch h := h.(type) {
	case *checkpoint.ChangelogStateBackendHandle:
		for _, parts := range [][]checkpoint.KeyedStateHandle{h.Materialized, h.NonMaterialized} {
			for _, part := range parts {
				s.keyed(part)
			}
		}
	case *checkpoint.InMemoryChangelogStateHandle:
		s.bytes += h.StateSize()
	case *checkpoint.ChangelogFileStateHandle:
		if id := identifyLog(h); !s.logs[id] {
			s.logs[id] = true
			s.bytes += logSize(h)
		}
	default:
		w := streamWalk{yield: s.stream}
		w.keyed(h)
	}
}
