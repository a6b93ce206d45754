package checkpoint

import "slices"

// MapPaths returns a copy of the checkpoint in which each absolute path is what
// f makes of it: of files, of the files that segments are in, and of the
// directories that file merging pins. Relative paths, and the names of inline
// handles, which are paths to nothing, stay as they are. f may be called more
// than once for a path.
func (m *Metadata) MapPaths(f func(path string) string) *Metadata {
	r := rewriter{dir: f, stream: func(h StreamStateHandle) StreamStateHandle {
		switch h := h.(type) {
		case *FileStateHandle:
			return &FileStateHandle{Path: f(h.Path), Size: h.Size}
		case *SegmentFileStateHandle:
			moved := *h
			moved.PhysicalPath = f(h.PhysicalPath)
			return &moved
		}
		return h
	}}
	return r.metadata(m)
}

// Absolute returns a copy of the checkpoint in which each relative handle is an
// absolute one, on the file below dir. It is for handles that leave the
// directory of their metadata, where they would point to nothing.
func (m *Metadata) Absolute(dir string) *Metadata {
	return m.MapStreamStateHandles(func(h StreamStateHandle) StreamStateHandle {
		if relative, ok := h.(*RelativeFileStateHandle); ok {
			return &FileStateHandle{Path: JoinPath(dir, relative.RelativePath), Size: relative.Size}
		}
		return h
	})
}

// MapStreamStateHandles returns a copy of the checkpoint in which each handle on
// bytes is what f makes of it. f is called for the innermost handles, those
// that StreamStateHandles returns, except for the state of coordinators, which
// is always inline. The copy shares with the original what holds no handle.
func (m *Metadata) MapStreamStateHandles(f func(StreamStateHandle) StreamStateHandle) *Metadata {
	r := rewriter{stream: f, dir: func(path string) string { return path }}
	return r.metadata(m)
}

// rewriter copies everything down to the handles.
type rewriter struct {
	stream func(StreamStateHandle) StreamStateHandle
	dir    func(path string) string
}

func (r rewriter) metadata(m *Metadata) *Metadata {
	copied := *m
	copied.Operators = slices.Clone(m.Operators)
	for i := range copied.Operators {
		subtasks := slices.Clone(copied.Operators[i].Subtasks)
		for j := range subtasks {
			subtasks[j].State = r.subtask(subtasks[j].State)
		}
		copied.Operators[i].Subtasks = subtasks
	}
	return &copied
}

func (r rewriter) subtask(s *OperatorSubtaskState) *OperatorSubtaskState {
	if s == nil {
		return nil
	}
	return &OperatorSubtaskState{
		LegacyOperatorState:  r.handle(s.LegacyOperatorState),
		ManagedOperatorState: r.operator(s.ManagedOperatorState),
		RawOperatorState:     r.operator(s.RawOperatorState),
		ManagedKeyedState:    r.keyed(s.ManagedKeyedState),
		RawKeyedState:        r.keyed(s.RawKeyedState),
		Channels:             r.channelState(s.Channels),
	}
}

func (r rewriter) handle(h StreamStateHandle) StreamStateHandle {
	switch inner := h.(type) {
	case nil:
		return nil
	case *KeyGroupsStateHandle:
		return r.keyGroups(inner)
	}
	return r.stream(h)
}

func (r rewriter) operator(h OperatorStateHandle) OperatorStateHandle {
	switch h := h.(type) {
	case *OperatorStreamStateHandle:
		return &OperatorStreamStateHandle{States: h.States, Delegate: r.handle(h.Delegate)}
	case *FileMergingOperatorStreamStateHandle:
		moved := *h
		moved.TaskOwnedDir, moved.SharedDir = r.dir(h.TaskOwnedDir), r.dir(h.SharedDir)
		moved.Delegate = r.handle(h.Delegate)
		return &moved
	}
	return h
}

func (r rewriter) keyed(h KeyedStateHandle) KeyedStateHandle {
	switch h := h.(type) {
	case *KeyGroupsStateHandle:
		return r.keyGroups(h)
	case *IncrementalRemoteKeyedStateHandle:
		moved := *h
		moved.MetaState = r.handle(h.MetaState)
		moved.SharedState, moved.PrivateState = r.files(h.SharedState), r.files(h.PrivateState)
		return &moved
	case *ChangelogStateBackendHandle:
		moved := *h
		moved.Materialized, moved.NonMaterialized = r.keyedList(h.Materialized), r.keyedList(h.NonMaterialized)
		return &moved
	case *ChangelogFileStateHandle:
		moved := *h
		moved.Parts = slices.Clone(h.Parts)
		for i := range moved.Parts {
			moved.Parts[i].Handle = r.handle(moved.Parts[i].Handle)
		}
		return &moved
	}
	return h
}

func (r rewriter) keyGroups(h *KeyGroupsStateHandle) *KeyGroupsStateHandle {
	moved := *h
	moved.Delegate = r.handle(h.Delegate)
	return &moved
}

func (r rewriter) keyedList(list []KeyedStateHandle) []KeyedStateHandle {
	list = slices.Clone(list)
	for i := range list {
		list[i] = r.keyed(list[i])
	}
	return list
}

func (r rewriter) files(files []HandleAndLocalPath) []HandleAndLocalPath {
	files = slices.Clone(files)
	for i := range files {
		files[i].Handle = r.handle(files[i].Handle)
	}
	return files
}

func (r rewriter) channelState(c *ChannelState) *ChannelState {
	if c == nil {
		return nil
	}
	moved := *c
	moved.Input, moved.ResultSubpartition = r.channels(c.Input), r.channels(c.ResultSubpartition)
	return &moved
}

func (r rewriter) channels(list []ChannelStateHandle) []ChannelStateHandle {
	list = slices.Clone(list)
	for i := range list {
		switch h := list[i].(type) {
		case *SingleChannelStateHandle:
			moved := *h
			moved.Delegate = r.handle(h.Delegate)
			list[i] = &moved
		case *MergedChannelStateHandle:
			moved := *h
			moved.Delegate = r.handle(h.Delegate)
			list[i] = &moved
		}
	}
	return list
}
