package restore

import "github.com/cairnstate/cairn/checkpoint"

func operatorStateBytes(op *checkpoint.OperatorState) int64 {
	var bytes int64
	for i := range op.Subtasks {
		bytes += subtaskStateBytes(op.Subtasks[i].State)
	}
	return bytes
}

func subtaskStateBytes(s *checkpoint.OperatorSubtaskState) int64 {
	if s == nil {
		return 0
	}
	var bytes int64
	for _, h := range []checkpoint.OperatorStateHandle{s.ManagedOperatorState, s.RawOperatorState} {
		if h != nil {
			bytes += h.StateSize()
		}
	}
	for _, h := range []checkpoint.KeyedStateHandle{s.ManagedKeyedState, s.RawKeyedState} {
		if h != nil {
			bytes += h.StateSize()
		}
	}
	if s.Channels != nil {
		for _, h := range s.Channels.Input {
			bytes += h.StateSize()
		}
		for _, h := range s.Channels.ResultSubpartition {
			bytes += h.StateSize()
		}
	}
	return bytes
}
