package feature

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// kinds of keyed state, by what tells a handle.
var keyedKinds = []struct {
	name string
	is   func(h checkpoint.KeyedStateHandle) bool
}{
	{"full", func(h checkpoint.KeyedStateHandle) bool { return encoded(h, checkpoint.KeyGroupsWithID) }},
	{"canonical savepoint", func(h checkpoint.KeyedStateHandle) bool { return encoded(h, checkpoint.KeyGroupsSavepoint) }},
	{"full of before 1.15", func(h checkpoint.KeyedStateHandle) bool { return encoded(h, checkpoint.KeyGroupsWithoutID) }},
	{"incremental", func(h checkpoint.KeyedStateHandle) bool { return incremental(h, false) }},
	{"incremental of before 1.15", func(h checkpoint.KeyedStateHandle) bool { return incremental(h, true) }},
	{"changelog with a full snapshot", func(h checkpoint.KeyedStateHandle) bool {
		return slices.ContainsFunc(materialized(h), is[*checkpoint.KeyGroupsStateHandle])
	}},
	{"changelog with an incremental snapshot", func(h checkpoint.KeyedStateHandle) bool {
		return slices.ContainsFunc(materialized(h), is[*checkpoint.IncrementalRemoteKeyedStateHandle])
	}},
	{"changelog without a snapshot", func(h checkpoint.KeyedStateHandle) bool {
		return is[*checkpoint.ChangelogStateBackendHandle](h) && len(materialized(h)) == 0
	}},
	{"changelog in memory", func(h checkpoint.KeyedStateHandle) bool {
		return slices.ContainsFunc(nonMaterialized(h), is[*checkpoint.InMemoryChangelogStateHandle])
	}},
	{"changelog in files", func(h checkpoint.KeyedStateHandle) bool {
		return slices.ContainsFunc(nonMaterialized(h), is[*checkpoint.ChangelogFileStateHandle])
	}},
}

func is[T checkpoint.KeyedStateHandle](h checkpoint.KeyedStateHandle) bool {
	_, ok := h.(T)
	return ok
}

func incremental(h checkpoint.KeyedStateHandle, legacy bool) bool {
	increment, ok := h.(*checkpoint.IncrementalRemoteKeyedStateHandle)
	return ok && increment.Legacy == legacy
}

func encoded(h checkpoint.KeyedStateHandle, encoding checkpoint.KeyGroupsEncoding) bool {
	full, ok := h.(*checkpoint.KeyGroupsStateHandle)
	return ok && full.Encoding == encoding
}

func materialized(h checkpoint.KeyedStateHandle) []checkpoint.KeyedStateHandle {
	if log, ok := h.(*checkpoint.ChangelogStateBackendHandle); ok {
		return log.Materialized
	}
	return nil
}

func nonMaterialized(h checkpoint.KeyedStateHandle) []checkpoint.KeyedStateHandle {
	if log, ok := h.(*checkpoint.ChangelogStateBackendHandle); ok {
		return log.NonMaterialized
	}
	return nil
}

// keyedFeatures is each kind, managed and raw, at each scale.
func keyedFeatures() (all []feature) {
	gets := []struct {
		name string
		get  func(*checkpoint.OperatorSubtaskState) checkpoint.KeyedStateHandle
	}{
		{"managed keyed", func(s *checkpoint.OperatorSubtaskState) checkpoint.KeyedStateHandle { return s.ManagedKeyedState }},
		{"raw keyed", func(s *checkpoint.OperatorSubtaskState) checkpoint.KeyedStateHandle { return s.RawKeyedState }},
	}
	for _, which := range gets {
		for _, kind := range keyedKinds {
			for _, scale := range scales {
				all = append(all, feature{which.name + ", " + kind.name + ", " + scale.name, func(l *look) bool {
					return l.assigned && l.any(func(r restored) bool {
						return scale.is(r) && r.anyState(func(s *checkpoint.OperatorSubtaskState) bool { return kind.is(which.get(s)) })
					})
				}})
			}
		}
	}
	return append(all, feature{"keyed state of a range that is not its subtask's", func(l *look) bool {
		return l.assigned && l.any(strayRange)
	}})
}

func strayRange(r restored) bool {
	return slices.ContainsFunc(r.state.Subtasks, func(s checkpoint.SubtaskState) bool {
		return s.State != nil && s.State.ManagedKeyedState != nil && s.State.ManagedKeyedState.KeyGroups() !=
			checkpoint.KeyGroupRangeForSubtask(s.Index, r.state.MaxParallelism, r.state.Parallelism)
	})
}

// operatorFeatures is each mode, managed and raw, at each scale.
func operatorFeatures() (all []feature) {
	gets := []struct {
		name string
		get  func(*checkpoint.OperatorSubtaskState) checkpoint.OperatorStateHandle
	}{
		{"managed operator", func(s *checkpoint.OperatorSubtaskState) checkpoint.OperatorStateHandle { return s.ManagedOperatorState }},
		{"raw operator", func(s *checkpoint.OperatorSubtaskState) checkpoint.OperatorStateHandle { return s.RawOperatorState }},
	}
	for _, which := range gets {
		for mode := checkpoint.SplitDistribute; mode <= checkpoint.Broadcast; mode++ {
			for _, scale := range scales {
				all = append(all, feature{which.name + ", " + mode.String() + ", " + scale.name, func(l *look) bool {
					return l.assigned && l.any(func(r restored) bool {
						return scale.is(r) && len(namesOf(r, mode, which.get)) > 0
					})
				}})
			}
		}
	}
	managed := gets[0].get
	return append(all,
		feature{"SPLIT_DISTRIBUTE of three names or more, dealt out in rotation", func(l *look) bool {
			return l.assigned && l.any(func(r restored) bool { return r.rescaled() && len(namesOf(r, checkpoint.SplitDistribute, managed)) > 2 })
		}},
		feature{"SPLIT_DISTRIBUTE of so many names that Java's hash map grows", func(l *look) bool {
			return l.assigned && l.any(func(r restored) bool {
				return r.rescaled() && len(namesOf(r, checkpoint.SplitDistribute, managed)) > 12
			})
		}},
		feature{"all modes in one operator", func(l *look) bool {
			return l.assigned && l.any(func(r restored) bool {
				return len(namesOf(r, checkpoint.SplitDistribute, managed)) > 0 && len(namesOf(r, checkpoint.Union, managed)) > 0 &&
					len(namesOf(r, checkpoint.Broadcast, managed)) > 0
			})
		}},
		feature{"a name without offsets", func(l *look) bool { return l.assigned && l.any(hasEmptyName) }},
		feature{"partial broadcast at the same parallelism", func(l *look) bool {
			return l.assigned && l.any(func(r restored) bool { return scales[0].is(r) && partialBroadcast(r) })
		}},
		feature{"partial broadcast, rescaled", func(l *look) bool {
			return l.assigned && l.any(func(r restored) bool { return r.rescaled() && partialBroadcast(r) })
		}},
	)
}

// namesOf returns how many subtasks have a state of the mode, by name.
func namesOf(r restored, mode checkpoint.OperatorStateMode, get func(*checkpoint.OperatorSubtaskState) checkpoint.OperatorStateHandle) map[string]int {
	names := map[string]int{}
	for _, s := range r.state.Subtasks {
		if s.State == nil || get(s.State) == nil {
			continue
		}
		for _, p := range get(s.State).Partitions() {
			if p.Mode == mode {
				names[p.Name]++
			}
		}
	}
	return names
}

func hasEmptyName(r restored) bool {
	return r.anyState(func(s *checkpoint.OperatorSubtaskState) bool {
		return s.ManagedOperatorState != nil && slices.ContainsFunc(s.ManagedOperatorState.Partitions(),
			func(p checkpoint.OperatorStatePartitions) bool { return len(p.Offsets) == 0 })
	})
}

func partialBroadcast(r restored) bool {
	managed := func(s *checkpoint.OperatorSubtaskState) checkpoint.OperatorStateHandle { return s.ManagedOperatorState }
	for _, reporters := range namesOf(r, checkpoint.Broadcast, managed) {
		if reporters < int(r.state.Parallelism) {
			return true
		}
	}
	return false
}
