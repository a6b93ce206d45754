package simulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task"
)

// subtask is one attempt of a subtask: a process with a state of its own, as RocksDB
// has it: files that come and go, and never come back.
type subtask struct {
	*process
	attempt    task.ExecutionAttempt
	deployment *deployment
	upstream   []*subtask
	downstream []*subtask
	access     *storage.CheckpointStorageAccess
	state      task.State

	files     []string // of the state, oldest first
	made      int      // files so far
	uploaded  map[int64][]checkpoint.HandleAndLocalPath
	confirmed int64 // the newest checkpoint whose files may be used again; -1 if none
	barriers  map[int64]*alignment
	newest    int64 // the newest checkpoint that it took part in
	aborted   map[int64]bool

	over       map[*subtask]bool // upstream that has finished
	asFinished bool              // it was restored so
	stopsWith  int64             // the savepoint after which it does nothing; 0 if none
}

// alignment is a checkpoint as the subtask has heard of it.
type alignment struct {
	barrier task.Barrier
	from    map[*subtask]bool // whose barrier was there; nil is the coordinator's
	taken   bool
}

// TriggerCheckpoint is a message from the coordinator: a barrier.
func (s *subtask) TriggerCheckpoint(_ context.Context, barrier task.Barrier) error {
	w := s.world
	w.history.barrier(s.deployment.leader, barrier.CheckpointID)
	if w.chance(w.weather.messageLost / 4) {
		return errors.New("no route to the task")
	}
	w.post(s.deployment.leader.process, s.process, "barrier", fmt.Sprint(barrier.CheckpointID), func() { s.barrier(nil, barrier) })
	return nil
}

// NotifyCheckpointComplete is a message from the coordinator.
func (s *subtask) NotifyCheckpointComplete(_ context.Context, c task.Completed) error {
	s.world.history.notified(s.deployment.leader, c.CheckpointID)
	s.world.post(s.deployment.leader.process, s.process, "complete", fmt.Sprint(c.CheckpointID), func() {
		if c.CheckpointID > s.confirmed && s.uploaded[c.CheckpointID] != nil {
			s.confirmed = c.CheckpointID
		}
		if s.stopsWith == c.CheckpointID {
			s.finish()
		}
	})
	return nil
}

// NotifyCheckpointAborted is a message from the coordinator.
func (s *subtask) NotifyCheckpointAborted(_ context.Context, a task.Aborted) error {
	s.world.history.notifiedAborted(s.deployment.leader, a.CheckpointID)
	s.world.post(s.deployment.leader.process, s.process, "aborted", fmt.Sprint(a.CheckpointID), func() {
		s.aborted[a.CheckpointID] = true
		if s.stopsWith == a.CheckpointID {
			s.stopsWith = 0
		}
	})
	return nil
}

// barrier comes from the coordinator, or from a subtask before this one.
func (s *subtask) barrier(from *subtask, barrier task.Barrier) {
	a := s.barriers[barrier.CheckpointID]
	if a == nil {
		a = &alignment{barrier: barrier, from: make(map[*subtask]bool)}
		s.barriers[barrier.CheckpointID] = a
	}
	a.from[from] = true
	s.align(a)
}

// align goes on when the barriers of all inputs are there that have not ended, or the
// coordinator's own.
func (s *subtask) align(a *alignment) {
	missing := func(up *subtask) bool { return !a.from[up] && !s.over[up] }
	if a.taken || s.stopsWith != 0 || !a.from[nil] && slices.ContainsFunc(s.upstream, missing) {
		return
	}
	a.taken = true
	w, id := s.world, a.barrier.CheckpointID
	if id <= s.newest || s.state != task.Running {
		s.decline(a.barrier, checkpoint.DeclinedSubsumed)
		return
	}
	s.newest = id
	for _, next := range s.downstream {
		w.after(w.between(0, 20*time.Millisecond), next.process, "barrier", fmt.Sprintf("%d from %s", id, s.name), func() { go next.barrier(s, a.barrier) })
	}
	if w.chance(w.weather.declines) {
		s.decline(a.barrier, checkpoint.DeclinedTaskNotReady)
		return
	}
	taken := s.takeSnapshot(a.barrier)
	s.stopWithSavepoint(a.barrier)
	s.spawn(w.between(0, 50*time.Millisecond), "writes its part of", fmt.Sprint(id), taken.write)
}

func (s *subtask) decline(barrier task.Barrier, reason checkpoint.FailureReason) {
	d := task.Decline{Job: s.world.jobID, Attempt: s.attempt, CheckpointID: barrier.CheckpointID, Cause: &checkpoint.Failure{Reason: reason}}
	to := s.whoAnswers()
	s.world.post(s.process, to.process, "decline", fmt.Sprintf("%d by %s: %s", d.CheckpointID, s.name, reason), func() {
		to.coordinator.DeclineCheckpoint(context.Background(), d)
	})
}

func (s *subtask) acknowledge(id int64, state *task.Snapshot, claimed *checkpoint.OperatorSubtaskState) {
	ack := task.Acknowledgement{Job: s.world.jobID, Attempt: s.attempt, CheckpointID: id, State: state}
	to := s.whoAnswers()
	s.world.history.acknowledged(s, id, claimed)
	s.world.post(s.process, to.process, "ack", fmt.Sprintf("%d by %s", id, s.name), func() {
		to.coordinator.AcknowledgeCheckpoint(context.Background(), ack)
	})
}

// whoAnswers is the leader that has deployed the subtask; or sometimes one that was
// elected since, and answers at the same address.
func (s *subtask) whoAnswers() *leader {
	mine, now := s.deployment.leader, s.world.leading()
	if now != nil && now != mine && now.coordinator != nil && s.world.chance(0.2) {
		return now
	}
	return mine
}
