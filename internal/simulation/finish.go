package simulation

import (
	"fmt"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/task"
)

// run begins the work of a subtask. One that was restored as finished has none; some
// sources come to their end.
func (s *subtask) run() {
	w := s.world
	s.state = task.Running
	s.deployment.hear(s, task.Running)
	switch {
	case s.asFinished:
		s.finish()
	case len(s.upstream) == 0 && w.chance(w.danger.finishes):
		s.spawn(w.between(0, 30*time.Second), "has no more records", "", s.finish)
	}
}

// finish is the end of a subtask that has nothing left to do. Who reads from it waits
// for no barrier of it any more.
func (s *subtask) finish() {
	if s.state != task.Running {
		return
	}
	s.state = task.Finished
	s.world.history.finished[s.subtaskName()] = true
	s.onDeath = nil
	s.deployment.hear(s, task.Finished)
	for _, next := range s.downstream {
		next.spawn(s.world.between(0, 20*time.Millisecond), "reads the end of", s.name, func() { next.ended(s) })
	}
	s.world.after(0, s.process, "has finished", "", func() { s.kill("finished") })
}

// ended is the end of one input, which may be what a checkpoint waited for.
func (s *subtask) ended(upstream *subtask) {
	s.over[upstream] = true
	for _, id := range sortedKeys(s.barriers) {
		if a := s.barriers[id]; !a.taken && len(a.from) > 0 {
			s.align(a)
		}
	}
}

func (s *subtask) subtaskName() string {
	return subtaskName(checkpoint.OperatorID(s.attempt.Vertex), s.attempt.Subtask)
}

// finish is the end of the job: all subtasks have finished.
func (l *leader) finish() {
	if l.ended {
		return
	}
	l.ended = true
	l.world.over, l.world.overAt, l.world.overBy = true, l.world.now, l.number
	l.world.history.leave(l.coordinator.Completed(), completed.Finished)
	if err := l.coordinator.Shutdown(l.ctx, completed.Finished); err != nil {
		l.world.story.fails(l.world.now, l.process, "shut down with", err)
	}
	l.world.after(0, l.process, "exits", "", func() { l.kill("the job has finished") })
}

// stopWithSavepoint is what a subtask does after its part of the savepoint with which
// the job stops: nothing, until it hears what became of it.
func (s *subtask) stopWithSavepoint(barrier task.Barrier) {
	if action := barrier.Options.Type.Action; action == checkpoint.ActionSuspend || action == checkpoint.ActionTerminate {
		s.stopsWith = barrier.CheckpointID
		s.world.story.tell(s.world.now, s.process, "stops with", fmt.Sprint(barrier.CheckpointID))
	}
}
