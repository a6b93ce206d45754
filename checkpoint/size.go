package checkpoint

// StateSize returns the sizes of all operators, added up (Flink:
// CompletedCheckpoint.getStateSize). Master states do not count.
func (m *Metadata) StateSize() int64 {
	var size int64
	for i := range m.Operators {
		size += m.Operators[i].StateSize()
	}
	return size
}

// StateSize returns the sizes of the coordinator's state and of all subtasks,
// added up as Flink does: a file of unknown size counts -1.
func (o *OperatorState) StateSize() int64 {
	var size int64
	if o.Coordinator != nil {
		size = o.Coordinator.StateSize()
	}
	for i := range o.Subtasks {
		size += o.Subtasks[i].StateSize()
	}
	return size
}

// HasState reports whether the coordinator or any subtask has state.
func (o *OperatorState) HasState() bool {
	if o.Coordinator != nil {
		return true
	}
	for i := range o.Subtasks {
		if o.Subtasks[i].HasState() {
			return true
		}
	}
	return false
}

// Subtask returns what is said of the subtask with the index; nil if nothing is.
// If a file says something twice, the last word counts, as in Flink.
func (o *OperatorState) Subtask(index int32) *SubtaskState {
	if int(index) < len(o.Subtasks) && index >= 0 && o.Subtasks[index].Index == index {
		return &o.Subtasks[index]
	}
	for i := len(o.Subtasks) - 1; i >= 0; i-- {
		if o.Subtasks[i].Index == index {
			return &o.Subtasks[i]
		}
	}
	return nil
}

// StateSize returns the size of the subtask's state.
func (s *SubtaskState) StateSize() int64 { return s.State.StateSize() }

// HasState reports whether the subtask has any state.
func (s *SubtaskState) HasState() bool { return s.State.HasState() }

// StateSize returns the sizes of all handles, added up; 0 for nil.
func (s *OperatorSubtaskState) StateSize() int64 {
	if s == nil {
		return 0
	}
	return sizeOf(s.LegacyOperatorState) +
		sizeOf(s.ManagedOperatorState) + sizeOf(s.RawOperatorState) +
		sizeOf(s.ManagedKeyedState) + sizeOf(s.RawKeyedState) +
		s.Channels.InputSize() + s.Channels.ResultSubpartitionSize()
}

// HasState reports whether there is any handle (Flink:
// OperatorSubtaskState.hasState). A handle on nothing is state too, since tasks
// are told of it; a NullOperatorStateHandle is none. False for nil.
func (s *OperatorSubtaskState) HasState() bool {
	return s != nil && (s.LegacyOperatorState != nil ||
		hasOperatorState(s.ManagedOperatorState) || hasOperatorState(s.RawOperatorState) ||
		s.ManagedKeyedState != nil || s.RawKeyedState != nil ||
		s.Channels.HasState())
}

func hasOperatorState(h OperatorStateHandle) bool {
	_, null := h.(*NullOperatorStateHandle)
	return h != nil && !null
}

// InputSize returns the size of the state of the input channels; 0 for nil.
func (c *ChannelState) InputSize() int64 {
	if c == nil {
		return 0
	}
	return sumOf(c.Input)
}

// ResultSubpartitionSize returns the size of the state of the result
// subpartitions; 0 for nil.
func (c *ChannelState) ResultSubpartitionSize() int64 {
	if c == nil {
		return 0
	}
	return sumOf(c.ResultSubpartition)
}

// HasState reports whether there is a handle on either side. False for nil.
func (c *ChannelState) HasState() bool {
	return c != nil && len(c.Input)+len(c.ResultSubpartition) > 0
}

func sumOf(handles []ChannelStateHandle) int64 {
	var size int64
	for _, h := range handles {
		size += sizeOf(h)
	}
	return size
}

// sizeOf returns the size of what may be nil.
func sizeOf[H interface {
	comparable
	StateSize() int64
}](h H) int64 {
	var none H
	if h == none {
		return 0
	}
	return h.StateSize()
}
