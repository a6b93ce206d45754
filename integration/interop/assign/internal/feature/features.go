package feature

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// feature is a rule, and how to tell that a pair is about it.
type feature struct {
	name string
	met  func(l *look) bool
}

var features = slices.Concat(matching, parallelism, keyedFeatures(), operatorFeatures(), channelFeatures(), finishedFeatures, otherFeatures, versionFeatures())

// refusals are the answers no that there are, by the step that says so.
var refusals = []string{
	"refused to validate: " + restore.ErrUnmappedState.Error(),
	"refused to validate: " + restore.ErrMaxParallelism.Error(),
	"refused to check finished: " + restore.ErrFinishedState.Error(),
	"refused to assign: " + restore.ErrParallelismTooHigh.Error(),
	"refused to assign: " + restore.ErrUnrescalable.Error(),
	"refused to assign: " + restore.ErrChained.Error(),
	"refused to assign: " + restore.ErrMaxParallelism.Error(),
}

var matching = []feature{
	{"matched by generated id", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return r.state.ID == r.op.ID })
	}},
	{"matched by user-defined id", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return r.state.ID != r.op.ID })
	}},
	{"state under both ids", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return r.state.ID != r.op.ID && l.states[r.op.ID] != nil })
	}},
	{"operator renamed: state under its generated id, though it has a user-defined one", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return r.op.UserDefined != nil && r.state.ID == r.op.ID })
	}},
	{"chain of several operators with state", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return l.chained(r, func(restored) bool { return true }) })
	}},
	{"operator moved into a chain: old parallelisms differ", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool {
			return l.chained(r, func(other restored) bool { return other.state.Parallelism != r.state.Parallelism })
		})
	}},
	{"operator added", func(l *look) bool {
		return l.assigned && slices.ContainsFunc(l.restores, func(r restored) bool { return r.state == nil })
	}},
	{"operator added to a chain with state", func(l *look) bool {
		return l.assigned && slices.ContainsFunc(l.restores, func(r restored) bool {
			return r.state == nil && l.chained(r, func(restored) bool { return true })
		})
	}},
	{"operator removed, non-restored state allowed", func(l *look) bool {
		return l.assigned && l.AllowNonRestored && l.gone((*checkpoint.OperatorState).HasState)
	}},
	{"operator removed, not allowed", func(l *look) bool {
		return !l.AllowNonRestored && l.gone((*checkpoint.OperatorState).HasState)
	}},
	{"operator removed with coordinator state, not allowed", func(l *look) bool {
		return !l.AllowNonRestored && l.gone(func(op *checkpoint.OperatorState) bool { return op.Coordinator != nil })
	}},
	{"empty state dropped", func(l *look) bool {
		return l.assigned && !l.AllowNonRestored && l.gone(func(*checkpoint.OperatorState) bool { return true })
	}},
	{"vertex not restored", func(l *look) bool {
		return l.assigned && slices.ContainsFunc(l.restores, func(r restored) bool { return r.state == nil && r.position == 0 && len(r.vertex.Operators) == 1 })
	}},
}

// gone reports whether an operator of the checkpoint is not in the job.
func (l *look) gone(is func(*checkpoint.OperatorState) bool) bool {
	for id, state := range l.states {
		if !l.known[id] && is(state) {
			return true
		}
	}
	return false
}

// chained reports whether another operator of the chain restores something.
func (l *look) chained(r restored, is func(restored) bool) bool {
	return l.any(func(other restored) bool { return other.index == r.index && other.position != r.position && is(other) })
}

var parallelism = []feature{
	{"max parallelism configured, that of the state", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return r.vertex.MaxParallelism == r.state.MaxParallelism })
	}},
	{"max parallelism configured, larger than that of the state", func(l *look) bool {
		return l.any(func(r restored) bool { return r.vertex.MaxParallelism > r.state.MaxParallelism })
	}},
	{"max parallelism configured, smaller than that of the state", func(l *look) bool {
		return l.any(func(r restored) bool {
			return r.vertex.MaxParallelism != 0 && r.vertex.MaxParallelism < r.state.MaxParallelism
		})
	}},
	{"max parallelism left open, smaller in the state than the default", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool {
			return r.vertex.MaxParallelism == 0 && r.state.MaxParallelism < checkpoint.DefaultMaxParallelism(r.vertex.Parallelism)
		})
	}},
	{"max parallelism of the state less than the parallelism", func(l *look) bool {
		return l.any(func(r restored) bool { return r.state.MaxParallelism < r.vertex.Parallelism })
	}},
	{"chained operators of different max parallelism", func(l *look) bool {
		return l.any(func(r restored) bool {
			return l.chained(r, func(other restored) bool { return other.state.MaxParallelism != r.state.MaxParallelism })
		})
	}},
	{"chained operators of different max parallelism, none with keyed state", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool {
			return !l.keyed(r) && l.chained(r, func(other restored) bool { return other.state.MaxParallelism != r.state.MaxParallelism })
		})
	}},
	{"operator without state beside one of another max parallelism, no keyed state", func(l *look) bool {
		return l.assigned && slices.ContainsFunc(l.restores, func(r restored) bool {
			usual := checkpoint.DefaultMaxParallelism(r.vertex.Parallelism)
			return r.state == nil && r.vertex.MaxParallelism == 0 && !l.keyed(r) &&
				l.chained(r, func(other restored) bool { return other.state.MaxParallelism != usual })
		})
	}},
}

// keyed reports whether an operator of the chain restores keyed state.
func (l *look) keyed(r restored) bool {
	return l.any(func(other restored) bool {
		return other.index == r.index && other.anyState(func(s *checkpoint.OperatorSubtaskState) bool {
			return s.ManagedKeyedState != nil || s.RawKeyedState != nil
		})
	})
}

// scale is how the parallelism of an operator changes.
var scales = []struct {
	name string
	is   func(r restored) bool
}{
	{"same parallelism", func(r restored) bool { return r.state.Parallelism == r.vertex.Parallelism }},
	{"scaled up", func(r restored) bool { return r.state.Parallelism < r.vertex.Parallelism }},
	{"scaled down", func(r restored) bool { return r.state.Parallelism > r.vertex.Parallelism }},
}

var finishedFeatures = []feature{
	{"operator partly finished, others run", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool {
			return slices.ContainsFunc(r.state.Subtasks, func(s checkpoint.SubtaskState) bool { return s.Finished })
		})
	}},
	{"vertex fully finished, finished on restore", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return r.state.FullyFinished })
	}},
	{"finished vertex fed over an edge", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return r.state.FullyFinished && len(r.vertex.Inputs) > 0 })
	}},
	{"partly finished vertex fed over a pointwise edge", func(l *look) bool { return l.partlyFinishedOver(job.Pointwise) }},
	{"partly finished vertex fed over an all-to-all edge", func(l *look) bool { return l.partlyFinishedOver(job.AllToAll) }},
	{"chain of which only a part is finished", func(l *look) bool {
		return l.any(func(r restored) bool {
			return r.state.FullyFinished && l.chained(r, func(other restored) bool { return !other.state.FullyFinished })
		})
	}},
}

func (l *look) partlyFinishedOver(pattern job.Pattern) bool {
	return l.any(func(r restored) bool {
		fed := slices.ContainsFunc(r.vertex.Inputs, func(in job.Input) bool { return in.Pattern == pattern })
		return fed && slices.ContainsFunc(r.state.Subtasks, func(s checkpoint.SubtaskState) bool { return s.Finished })
	})
}

var otherFeatures = []feature{
	{"coordinator state", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool { return r.state.Coordinator != nil })
	}},
	{"merged files", func(l *look) bool {
		return l.assigned && l.any(func(r restored) bool {
			return r.anyState(func(s *checkpoint.OperatorSubtaskState) bool {
				_, merged := s.ManagedOperatorState.(*checkpoint.FileMergingOperatorStreamStateHandle)
				return merged
			})
		})
	}},
}

// versionFeatures is each version of the format: written, read, and restored from.
func versionFeatures() (all []feature) {
	for version := metadata.Version2; version <= metadata.CurrentVersion; version++ {
		name := fmt.Sprintf("metadata version %d, ", version)
		all = append(all,
			feature{name + "assigned", func(l *look) bool { return l.assigned && l.Checkpoint.Version == version }},
			feature{name + "refused", func(l *look) bool { return !l.assigned && l.Checkpoint.Version == version }},
		)
	}
	return all
}
