//go:build interop

package circle

import (
	"context"
	"errors"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/task"
)

func (s *scenario) chance(probability float64) bool { return s.rng.Float64() < probability }

// answerAnew decides what everybody will say about the next checkpoint, and whether
// tasks may build on files of the last.
func (s *scenario) answerAnew(share bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = map[task.ExecutionAttempt]*task.Snapshot{}
	s.declines = s.chance(0.05)
	for i, executions := range s.current {
		restoredAsFinished := s.chance(0.1) && !slices.ContainsFunc(executions, func(e plan.Execution) bool { return e.State == task.Finished })
		for _, e := range executions {
			if e.State == task.Finished {
				continue
			}
			if restoredAsFinished {
				s.script[e.Attempt] = &task.Snapshot{TaskDeployedAsFinished: true}
				continue
			}
			s.script[e.Attempt] = s.newSnapshot(i, e.Attempt.Subtask, share)
		}
	}
	for _, hook := range s.hooks {
		hook.state = s.hookState()
	}
	for _, op := range s.operators() {
		if p := s.partners[op]; p != nil {
			p.set(s.bytes())
		}
	}
}

func (s *scenario) newSnapshot(vertex int, subtask int32, share bool) *task.Snapshot {
	if s.chance(0.1) {
		return nil
	}
	snapshot := &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{}, TaskFinished: s.chance(0.02)}
	for _, op := range s.job.Vertex(vertex).Operators {
		if s.chance(0.8) {
			state := s.states.State(subtask)
			if share {
				s.share(state.ManagedKeyedState)
			}
			snapshot.Operators[op.ID] = state
		}
	}
	return snapshot
}

// share has a task build on files of the last checkpoint.
func (s *scenario) share(state checkpoint.KeyedStateHandle) {
	incremental, ok := state.(*checkpoint.IncrementalRemoteKeyedStateHandle)
	if !ok || len(s.shareable) == 0 {
		return
	}
	for i := range incremental.SharedState {
		if s.chance(0.7) {
			of := s.shareable[s.rng.IntN(len(s.shareable))]
			incremental.SharedState[i].Handle = &checkpoint.PlaceholderStreamStateHandle{PhysicalID: nameOf(of), Size: of.StateSize()}
		}
	}
}

// nameOf is the name by which a placeholder stands for a handle; empty if none can.
func nameOf(handle checkpoint.StreamStateHandle) string {
	switch h := handle.(type) {
	case *checkpoint.FileStateHandle:
		return h.Path
	case *checkpoint.ByteStreamStateHandle:
		return h.HandleName
	case *checkpoint.SegmentFileStateHandle:
		return h.LogicalFileID
	}
	return ""
}

// sharedIn returns what later checkpoints may build on.
func (s *scenario) sharedIn(cp *completed.Checkpoint) (shareable []checkpoint.StreamStateHandle) {
	for _, op := range cp.Operators {
		for _, subtask := range op.Subtasks {
			if subtask.State == nil {
				continue
			}
			if incremental, ok := subtask.State.ManagedKeyedState.(*checkpoint.IncrementalRemoteKeyedStateHandle); ok {
				for _, file := range incremental.SharedState {
					if nameOf(file.Handle) != "" {
						shareable = append(shareable, file.Handle)
					}
				}
			}
		}
	}
	return shareable
}

// withHandlesOfThen returns what undoes share.
func (s *scenario) withHandlesOfThen(w *written) func(*checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState {
	return func(state *checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState {
		incremental, ok := state.ManagedKeyedState.(*checkpoint.IncrementalRemoteKeyedStateHandle)
		if !ok {
			return state
		}
		whole, keyed := *state, *incremental
		keyed.SharedState = slices.Clone(incremental.SharedState)
		for i := range keyed.SharedState {
			if placeholder, ok := keyed.SharedState[i].Handle.(*checkpoint.PlaceholderStreamStateHandle); ok {
				at := slices.IndexFunc(s.shareable, func(h checkpoint.StreamStateHandle) bool { return nameOf(h) == placeholder.PhysicalID })
				keyed.SharedState[i].Handle = s.shareable[at]
				w.shares++
			}
		}
		whole.ManagedKeyedState = &keyed
		return &whole
	}
}

// snapshot returns what an attempt says of the checkpoint.
func (s *scenario) snapshot(attempt task.ExecutionAttempt) *task.Snapshot {
	if snapshot := s.script[attempt]; snapshot != nil {
		return snapshot
	}
	return &task.Snapshot{}
}

// answerAll has all tasks answer, in any order, and some of them twice.
func (s *scenario) answerAll(id int64) {
	ctx := context.Background()
	s.mu.Lock()
	var attempts []task.ExecutionAttempt
	for _, executions := range s.current {
		for _, e := range executions {
			if e.State != task.Finished {
				attempts = append(attempts, e.Attempt)
			}
		}
	}
	s.rng.Shuffle(len(attempts), func(i, j int) { attempts[i], attempts[j] = attempts[j], attempts[i] })
	attempts = append(attempts, attempts[0])
	script, declines := s.script, s.declines
	s.mu.Unlock()
	if declines {
		s.DeclineCheckpoint(ctx, task.Decline{Job: s.id, Attempt: attempts[0], CheckpointID: id, Cause: errors.New("not this one")})
		attempts = attempts[1 : len(attempts)-1]
	}
	for _, attempt := range attempts {
		s.AcknowledgeCheckpoint(ctx, task.Acknowledgement{Job: s.id, Attempt: attempt, CheckpointID: id, State: script[attempt]})
	}
}
