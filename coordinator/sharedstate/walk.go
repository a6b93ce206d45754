package sharedstate

import "github.com/cairnstate/cairn/checkpoint"

// kind says what an entry is, and so what becomes of it when it is unused.
type kind uint8

const (
	file      kind = iota // is deleted
	directory             // is deleted with all that is in it
	pin                   // belongs to somebody else

	kept        // has no file of its own: placeholders may stand for it, no more
	placeholder // stands for one of the others
)

// use is one mention of a file or directory by a checkpoint.
type use struct {
	path     string
	kind     kind
	relative bool                         // to nobody knows what
	handle   checkpoint.StreamStateHandle // of state to share
	// keepsCreator is set for private files that a later checkpoint may name
	// again: the checkpoint that they belong to must stay as long.
	keepsCreator bool
}

// walk visits the mentions of a snapshot that concern the registry.
type walk struct {
	directory string // that relative paths are relative to; empty if unknown
	all       bool   // visit private files too, every one
	visit     func(use)
}

func (w walk) operators(operators []checkpoint.OperatorState) {
	for i := range operators {
		for _, subtask := range operators[i].Subtasks {
			if subtask.State != nil {
				w.subtask(subtask.State)
			}
		}
	}
}

func (w walk) subtask(s *checkpoint.OperatorSubtaskState) {
	w.operatorState(s.ManagedOperatorState)
	w.operatorState(s.RawOperatorState)
	w.keyed(s.ManagedKeyedState)
	w.keyed(s.RawKeyedState)
	if s.Channels == nil {
		return
	}
	for _, channel := range s.Channels.Input {
		w.private(channel.DelegateState(), false)
	}
	for _, channel := range s.Channels.ResultSubpartition {
		w.private(channel.DelegateState(), false)
	}
}

func (w walk) operatorState(h checkpoint.OperatorStateHandle) {
	if h == nil {
		return
	}
	w.private(h.DelegateState(), false)
	if merged, ok := h.(*checkpoint.FileMergingOperatorStreamStateHandle); ok {
		w.visit(use{path: merged.TaskOwnedDir, kind: directory})
		w.visit(use{path: merged.SharedDir, kind: directory})
	}
}

func (w walk) keyed(h checkpoint.KeyedStateHandle) {
	switch h := h.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		w.private(h.Delegate, false)
	case *checkpoint.IncrementalRemoteKeyedStateHandle:
		w.incremental(h, false)
	case *checkpoint.ChangelogStateBackendHandle:
		w.changelog(h)
	case *checkpoint.ChangelogFileStateHandle:
		for _, part := range h.Parts {
			w.shared(part.Handle)
		}
	}
}

func (w walk) incremental(h *checkpoint.IncrementalRemoteKeyedStateHandle, materialized bool) {
	for _, part := range h.SharedState {
		w.shared(part.Handle)
	}
	for _, part := range h.PrivateState {
		w.private(part.Handle, materialized)
	}
	w.private(h.MetaState, materialized)
}

// changelog visits the materialized part as state that the next checkpoints name
// again, private files included, until the next materialization.
func (w walk) changelog(h *checkpoint.ChangelogStateBackendHandle) {
	for _, part := range h.Materialized {
		switch part := part.(type) {
		case *checkpoint.KeyGroupsStateHandle:
			w.private(part.Delegate, true)
		case *checkpoint.IncrementalRemoteKeyedStateHandle:
			w.incremental(part, true)
		default:
			w.keyed(part)
		}
	}
	for _, part := range h.NonMaterialized {
		w.keyed(part)
	}
}

func (w walk) shared(h checkpoint.StreamStateHandle) {
	switch h := h.(type) {
	case *checkpoint.FileStateHandle:
		w.visit(use{path: h.Path, kind: file, handle: h})
	case *checkpoint.RelativeFileStateHandle:
		w.visit(w.anchored(h, use{kind: file, handle: h}))
	case *checkpoint.PlaceholderStreamStateHandle:
		w.visit(use{path: h.PhysicalID, kind: placeholder, handle: h})
	case *checkpoint.ByteStreamStateHandle:
		w.visit(use{path: h.HandleName, kind: kept, handle: h})
	case *checkpoint.SegmentFileStateHandle:
		w.visit(use{path: h.LogicalFileID, kind: kept, handle: h})
		w.private(h, false)
	default:
		w.private(h, false)
	}
}

// private visits what is not the registry's to delete: segments of merged files
// always, whole files if they keep their creator or all are asked for.
func (w walk) private(h checkpoint.StreamStateHandle, keepsCreator bool) {
	switch h := h.(type) {
	case *checkpoint.SegmentFileStateHandle:
		w.visit(use{path: h.PhysicalPath, kind: pin, keepsCreator: keepsCreator})
	case *checkpoint.KeyGroupsStateHandle:
		w.private(h.Delegate, keepsCreator)
	case *checkpoint.FileStateHandle:
		w.whole(use{path: h.Path, kind: pin, keepsCreator: keepsCreator})
	case *checkpoint.RelativeFileStateHandle:
		w.whole(w.anchored(h, use{kind: pin, keepsCreator: keepsCreator}))
	}
}

func (w walk) whole(u use) {
	if w.all || u.keepsCreator {
		w.visit(u)
	}
}

// anchored gives a mention the path that the handle has from the directory of its
// metadata.
func (w walk) anchored(h *checkpoint.RelativeFileStateHandle, u use) use {
	if w.directory == "" {
		u.path, u.relative = h.RelativePath, true
		return u
	}
	u.path = join(w.directory, h.RelativePath)
	return u
}
