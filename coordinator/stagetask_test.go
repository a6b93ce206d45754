package coordinator_test

import (
	"context"
	"fmt"
	"io"
	"testing/synctest"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task"
)

// stageTask is one attempt of a subtask, as the coordinator reaches it.
type stageTask struct {
	stage   *stage
	vertex  string
	attempt task.ExecutionAttempt
}

func (t *stageTask) name() string { return fmt.Sprint(t.vertex, t.attempt.Subtask) }

func (t *stageTask) hears(format string, args ...any) error {
	t.stage.ForceFullSnapshot() // deadlocks if a lock of the coordinator is held
	t.stage.mu.Lock()
	defer t.stage.mu.Unlock()
	t.stage.heard = append(t.stage.heard, t.name()+": "+fmt.Sprintf(format, args...))
	return t.stage.deaf[t.name()]
}

func (t *stageTask) TriggerCheckpoint(_ context.Context, b task.Barrier) error {
	t.stage.mu.Lock()
	t.stage.barriers[b.CheckpointID] = b
	t.stage.mu.Unlock()
	return t.hears("barrier %d", b.CheckpointID)
}

func (t *stageTask) NotifyCheckpointComplete(_ context.Context, c task.Completed) error {
	return t.hears("complete %d, subsumed %d", c.CheckpointID, c.LastSubsumed)
}

func (t *stageTask) NotifyCheckpointAborted(_ context.Context, a task.Aborted) error {
	return t.hears("aborted %d, latest %d", a.CheckpointID, a.LatestCompleted)
}

// attempt returns the current attempt of a subtask: "source0".
func (s *stage) attempt(name string) task.ExecutionAttempt {
	s.t.Helper()
	for _, executions := range s.Current() {
		for _, e := range executions {
			if t := e.Gateway.(*stageTask); t.name() == name {
				return t.attempt
			}
		}
	}
	s.t.Fatalf("there is no task %s", name)
	return task.ExecutionAttempt{}
}

// barrier returns what was sent to the tasks.
func (s *stage) barrier(id int64) task.Barrier {
	s.t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	b, sent := s.barriers[id]
	if !sent {
		s.t.Fatalf("no task has heard of checkpoint %d", id)
	}
	return b
}

// write has a task write a file of state, where the barrier leads it.
func (s *stage) write(id int64, scope storage.CheckpointedStateScope) checkpoint.StreamStateHandle {
	s.t.Helper()
	streams, err := s.access.ResolveCheckpointStorageLocation(s.t.Context(), id, s.barrier(id).Options.Location)
	if err != nil {
		s.t.Fatal(err)
	}
	stream := streams.CreateCheckpointStateOutputStream(s.t.Context(), scope)
	defer stream.Close()
	if _, err := io.WriteString(stream, "all that was counted"); err != nil {
		s.t.Fatal(err)
	}
	handle, err := stream.CloseAndGetHandle()
	if err != nil {
		s.t.Fatal(err)
	}
	return handle
}

// answer is what a task says about a checkpoint: a file of state of its own.
func (s *stage) answer(name string, id int64) task.Acknowledgement {
	s.t.Helper()
	attempt := s.attempt(name)
	op := checkpoint.OperatorID(attempt.Vertex)
	state := &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
		Range: checkpoint.KeyGroupRangeForSubtask(attempt.Subtask, 128, 2), Offsets: make([]int64, 64), Delegate: s.write(id, storage.ExclusiveState),
	}}
	return task.Acknowledgement{Job: stageJob, Attempt: attempt, CheckpointID: id,
		State: &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{op: state}}}
}

// acknowledge has tasks answer, and fails the test if they are not listened to.
func (s *stage) acknowledge(id int64, names ...string) {
	s.t.Helper()
	for _, name := range names {
		if !s.AcknowledgeCheckpoint(s.t.Context(), s.answer(name, id)) {
			s.t.Errorf("%s: checkpoint %d is not known", name, id)
		}
	}
}

func (s *stage) acknowledgeAll(id int64) {
	s.t.Helper()
	s.acknowledge(id, "source0", "source1", "count0", "count1")
	synctest.Wait()
}

func (s *stage) decline(id int64, name string, cause error) {
	s.t.Helper()
	s.DeclineCheckpoint(s.t.Context(), task.Decline{Job: stageJob, Attempt: s.attempt(name), CheckpointID: id, Cause: cause})
}

// kept fails the test unless the promise was kept, with this checkpoint.
func (s *stage) kept(p *request.Promise, id int64) {
	s.t.Helper()
	synctest.Wait()
	select {
	case <-p.Done():
	default:
		s.t.Fatalf("the promise of checkpoint %d is open", id)
	}
	if cp, err := p.Result(); err != nil || cp.ID != id {
		s.t.Fatalf("promised %+v, %v; want checkpoint %d", cp, err, id)
	}
}

// broken fails the test unless the promise was broken, for this reason.
func (s *stage) broken(p *request.Promise, reason checkpoint.FailureReason) {
	s.t.Helper()
	synctest.Wait()
	select {
	case <-p.Done():
	default:
		s.t.Fatalf("the promise is open, want it broken for %s", reason)
	}
	cp, err := p.Result()
	if cp != nil || checkpoint.ReasonOf(err, "none") != reason {
		s.t.Fatalf("promised %+v, %v; want %s", cp, err, reason)
	}
}

// open fails the test unless the promise is neither.
func (s *stage) open(p *request.Promise) {
	s.t.Helper()
	synctest.Wait()
	select {
	case <-p.Done():
		_, err := p.Result()
		s.t.Fatalf("the promise is settled: %v", err)
	default:
	}
}
