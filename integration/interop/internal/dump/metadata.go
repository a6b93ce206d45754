package dump

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

type (
	object = map[string]any
	list   = []any
)

// Metadata describes a checkpoint that was stored in the given version.
func Metadata(m *checkpoint.Metadata, version int) map[string]any {
	return object{
		"version":      int64(version),
		"checkpointId": m.CheckpointID,
		"masterStates": each(m.MasterStates, masterState),
		"operators":    each(m.Operators, operator),
		"properties":   properties(m.Properties),
	}
}

func masterState(s checkpoint.MasterState) any {
	return object{"name": text(s.Name), "version": int64(s.Version), "bytes": hexOrDigest(s.Payload)}
}

func operator(s checkpoint.OperatorState) any {
	o := object{
		"name":           label(s.Name),
		"uid":            label(s.UID),
		"id":             s.ID.String(),
		"parallelism":    int64(s.Parallelism),
		"maxParallelism": int64(s.MaxParallelism),
		"fullyFinished":  s.FullyFinished,
		"coordinator":    nil,
		"subtasks":       subtasks(s.Subtasks),
	}
	if s.Coordinator != nil {
		o["coordinator"] = stream(s.Coordinator)
	}
	return o
}

// label describes an operator's name or uid, of which Flink has none where the
// file has an empty one.
func label(s string) any {
	if s == "" {
		return nil
	}
	return text(s)
}

// subtasks come out by index: Flink holds them in a map.
func subtasks(states []checkpoint.SubtaskState) list {
	sorted := slices.SortedStableFunc(slices.Values(states), func(a, b checkpoint.SubtaskState) int {
		return int(a.Index) - int(b.Index)
	})
	return each(sorted, subtask)
}

func subtask(s checkpoint.SubtaskState) any {
	state := s.State
	if state == nil {
		state = &checkpoint.OperatorSubtaskState{}
	}
	channels := state.Channels
	if channels == nil {
		channels = &checkpoint.ChannelState{}
	}
	return object{
		"index":                   int64(s.Index),
		"finished":                s.Finished,
		"managedOperatorState":    operatorHandle(state.ManagedOperatorState),
		"rawOperatorState":        operatorHandle(state.RawOperatorState),
		"managedKeyedState":       keyed(state.ManagedKeyedState),
		"rawKeyedState":           keyed(state.RawKeyedState),
		"inputChannelState":       each(channels.Input, channelOf("InputChannelStateHandle")),
		"resultSubpartitionState": each(channels.ResultSubpartition, channelOf("ResultSubpartitionStateHandle")),
	}
}

func each[T any](values []T, describe func(T) any) list {
	described := make(list, len(values))
	for i, v := range values {
		described[i] = describe(v)
	}
	return described
}
