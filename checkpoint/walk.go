package checkpoint

import "iter"

// HandleKind says what a stream state handle is to its checkpoint.
type HandleKind string

// The kinds of handles.
const (
	InlineHandle    HandleKind = "inline"    // the bytes are in the metadata
	ExclusiveHandle HandleKind = "exclusive" // a file of this checkpoint alone
	SharedHandle    HandleKind = "shared"    // a file of incremental state, which other checkpoints may share
	ChangelogHandle HandleKind = "changelog" // a file with changes, which other checkpoints may share
	SegmentHandle   HandleKind = "segment"   // a part of a file that others have parts of too
	EmptyHandle     HandleKind = "empty"     // a segment of nothing
)

// HandleSite is where in a checkpoint a stream state handle stands.
type HandleSite struct {
	Operator  *OperatorState
	Subtask   *SubtaskState // nil for the state of a coordinator
	Kind      HandleKind
	LocalPath string // of a file of incremental state
}

// StreamStateHandles returns every handle on bytes in the checkpoint, in the
// order of the file, those inside of other handles included. A handle that
// stands in several places comes once for each.
func (m *Metadata) StreamStateHandles() iter.Seq2[HandleSite, StreamStateHandle] {
	return func(yield func(HandleSite, StreamStateHandle) bool) {
		w := walker{yield: yield}
		for i := range m.Operators {
			w.operator(&m.Operators[i])
		}
	}
}

// walker visits handles until yield has had enough.
type walker struct {
	yield func(HandleSite, StreamStateHandle) bool
	site  HandleSite
	done  bool
}

func (w *walker) operator(o *OperatorState) {
	w.site = HandleSite{Operator: o}
	if o.Coordinator != nil {
		w.stream(ExclusiveHandle, o.Coordinator)
	}
	for i := range o.Subtasks {
		if w.site.Subtask = &o.Subtasks[i]; o.Subtasks[i].State != nil && !w.done {
			w.subtask(o.Subtasks[i].State)
		}
	}
}

func (w *walker) subtask(s *OperatorSubtaskState) {
	w.stream(ExclusiveHandle, s.LegacyOperatorState)
	for _, h := range []OperatorStateHandle{s.ManagedOperatorState, s.RawOperatorState} {
		if h != nil {
			w.stream(ExclusiveHandle, h.DelegateState())
		}
	}
	w.keyed(s.ManagedKeyedState)
	w.keyed(s.RawKeyedState)
	if s.Channels != nil {
		w.channels(s.Channels.Input)
		w.channels(s.Channels.ResultSubpartition)
	}
}

func (w *walker) keyed(h KeyedStateHandle) {
	switch h := h.(type) {
	case *KeyGroupsStateHandle:
		w.stream(ExclusiveHandle, h.Delegate)
	case *IncrementalRemoteKeyedStateHandle:
		w.stream(ExclusiveHandle, h.MetaState)
		w.files(SharedHandle, h.SharedState)
		w.files(ExclusiveHandle, h.PrivateState)
	case *ChangelogStateBackendHandle:
		for _, part := range h.Materialized {
			w.keyed(part)
		}
		for _, part := range h.NonMaterialized {
			w.keyed(part)
		}
	case *ChangelogFileStateHandle:
		for i := range h.Parts {
			w.stream(ChangelogHandle, h.Parts[i].Handle)
		}
	}
}

func (w *walker) files(kind HandleKind, files []HandleAndLocalPath) {
	for i := range files {
		w.site.LocalPath = files[i].LocalPath
		w.stream(kind, files[i].Handle)
	}
	w.site.LocalPath = ""
}

func (w *walker) channels(handles []ChannelStateHandle) {
	for _, h := range handles {
		w.stream(ExclusiveHandle, h.DelegateState())
	}
}

// stream yields a handle. The kind is what it is if it is a whole file.
func (w *walker) stream(kind HandleKind, h StreamStateHandle) {
	switch inner := h.(type) {
	case nil:
		return
	case *KeyGroupsStateHandle:
		w.stream(kind, inner.Delegate)
		return
	case *ByteStreamStateHandle:
		kind = InlineHandle
	case *SegmentFileStateHandle:
		kind = SegmentHandle
	case *EmptySegmentFileStateHandle:
		kind = EmptyHandle
	}
	w.site.Kind = kind
	w.done = w.done || !w.yield(w.site, h)
}
