package restore

import (
	"fmt"
	"math"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// inspect refuses an operator's state that no Flink could restore: one that
// contradicts itself, which no Flink writes but a file may come from anyone, and
// one from before there was operator state.
func inspect(op *checkpoint.OperatorState) error {
	if reason := inconsistency(op); reason != "" {
		return &Refusal{
			Kind:     ErrInconsistent,
			Operator: op.ID,
			Reason:   reason,
			Advice:   "the metadata is damaged or was not written by Flink; restore another checkpoint",
		}
	}
	if hasLegacyState(op) {
		return &Refusal{
			Kind:     ErrLegacyState,
			Operator: op.ID,
			Reason:   "it has state of the Checkpointed interface of Flink 1.1",
			Advice:   "no Flink since 1.4 restores it: run the job with Flink 1.3, move to CheckpointedFunction there, and take a new savepoint",
		}
	}
	return nil
}

func hasLegacyState(op *checkpoint.OperatorState) bool {
	return slices.ContainsFunc(op.Subtasks, func(s checkpoint.SubtaskState) bool {
		return s.State != nil && s.State.LegacyOperatorState != nil
	})
}

func inconsistency(op *checkpoint.OperatorState) string {
	if op.MaxParallelism < 1 || op.MaxParallelism > checkpoint.UpperBoundMaxParallelism {
		return fmt.Sprintf("its max parallelism is %d, but must be 1 to %d", op.MaxParallelism, checkpoint.UpperBoundMaxParallelism)
	}
	if op.Parallelism < 1 || op.Parallelism > op.MaxParallelism {
		return fmt.Sprintf("its parallelism is %d, but must be 1 to its max parallelism %d", op.Parallelism, op.MaxParallelism)
	}
	if op.FullyFinished && len(op.Subtasks) > 0 {
		return "it is fully finished, but has state of subtasks"
	}
	seen := make([]bool, op.Parallelism)
	for i := range op.Subtasks {
		s := &op.Subtasks[i]
		if s.Index < 0 || s.Index >= op.Parallelism {
			return fmt.Sprintf("it has state of subtask %d at parallelism %d", s.Index, op.Parallelism)
		}
		if seen[s.Index] {
			return fmt.Sprintf("it has state of subtask %d twice", s.Index)
		}
		seen[s.Index] = true
		if reason := subtaskInconsistency(s.State); reason != "" {
			return fmt.Sprintf("subtask %d: %s", s.Index, reason)
		}
	}
	return ""
}

func subtaskInconsistency(s *checkpoint.OperatorSubtaskState) string {
	if s == nil {
		return ""
	}
	for _, h := range []checkpoint.KeyedStateHandle{s.ManagedKeyedState, s.RawKeyedState} {
		if reason := keyedInconsistency(h); reason != "" {
			return reason
		}
	}
	for _, h := range []checkpoint.OperatorStateHandle{s.ManagedOperatorState, s.RawOperatorState} {
		if h == nil {
			continue
		}
		for _, meta := range h.Partitions() {
			if meta.Mode > checkpoint.Broadcast {
				return fmt.Sprintf("operator state %q has the unknown mode %d", meta.Name, meta.Mode)
			}
		}
	}
	return ""
}

func keyedInconsistency(h checkpoint.KeyedStateHandle) string {
	if h == nil {
		return ""
	}
	r := h.KeyGroups()
	if r.Start < 0 || r.Count < 0 || int64(r.Start)+int64(r.Count) > math.MaxInt32 {
		return fmt.Sprintf("keyed state of key groups %d and %d more", r.Start, r.Count)
	}
	switch h := h.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		if len(h.Offsets) != int(r.Count) {
			return fmt.Sprintf("keyed state of key groups %s has %d offsets", r, len(h.Offsets))
		}
	case *checkpoint.ChangelogStateBackendHandle:
		for _, parts := range [][]checkpoint.KeyedStateHandle{h.Materialized, h.NonMaterialized} {
			for _, part := range parts {
				if reason := keyedInconsistency(part); reason != "" {
					return reason
				}
			}
		}
	}
	return ""
}
