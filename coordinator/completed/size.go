package completed

import "github.com/cairnstate/cairn/checkpoint"

func operatorSize(o *checkpoint.OperatorState) int64 {
	var size int64
	if o.Coordinator != nil {
		size = o.Coordinator.StateSize()
	}
	for _, subtask := range o.Subtasks {
		if subtask.State != nil {
			size += subtaskSize(subtask.State)
		}
	}
	return size
}

func subtaskSize(s *checkpoint.OperatorSubtaskState) int64 {
	size := sized(s.ManagedOperatorState) + sized(s.RawOperatorState) +
		sized(s.ManagedKeyedState) + sized(s.RawKeyedState)
	if s.Channels == nil {
		return size
	}
	for _, h := range s.Channels.Input {
		size += sized(h)
	}
	for _, h := range s.Channels.ResultSubpartition {
		size += sized(h)
	}
	return size
}

func sized[H interface {
	comparable
	StateSize() int64
}](h H) int64 {
	var none H
	if h == none {
		return 0
	}
	return h.StateSize()
}
