package execution

import (
	"context"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/task"
)

// subtask is one of a vertex's, whichever attempt of it is the current one (Flink:
// ExecutionVertex).
type subtask struct {
	number  int // among all of the job
	vertex  int
	region  *region
	current attempt
	restart *restart // that it waits for; nil if it does not
}

// attempt is one try (Flink: Execution).
type attempt struct {
	id    task.ExecutionAttempt
	state task.State
	task  Task // nil until it is deployed
	ready bool // operator coordinators know that it can be reached
	gone  bool // and that it cannot any more
}

func (a *attempt) live() bool { return a.state != task.Created && !a.state.Terminal() }

// execution is what a coordinator sees of the attempt.
func (a *attempt) execution() plan.Execution {
	e := plan.Execution{Attempt: a.id, State: a.state}
	if a.task != nil {
		e.Gateway = a.task
	}
	return e
}

// source is what the subtasks of a vertex start from: their part of a restored
// checkpoint.
type source struct {
	assignment *restore.VertexAssignment
	from       *coordinator.Restored
}

func (s source) state(subtask int32) *InitialState {
	if s.from == nil {
		return nil
	}
	return &InitialState{TaskRestore: s.assignment.Subtask(subtask), from: s.from}
}

// move changes the state of the subtask's current attempt, and reports whether that
// makes sense. The lock is for those who look from other goroutines.
func (g *Graph) move(s *subtask, to task.State) bool {
	if !mayFollow(s.current.state, to) {
		return false
	}
	g.log.DebugContext(g.ctx, "task state", "attempt", s.current.id, "from", s.current.state, "to", to)
	before := s.current.live()
	g.mu.Lock()
	s.current.state = to
	g.mu.Unlock()
	g.count(s, before)
	return true
}

// count keeps how many attempts live and have finished.
func (g *Graph) count(s *subtask, before bool) {
	switch after := s.current.live(); {
	case after && !before:
		g.live++
	case before && !after:
		g.live--
		if s.restart != nil {
			s.restart.live--
		}
	}
	if s.current.state == task.Finished {
		g.finished++
	}
}

// renew gives the subtask a new attempt. The current one has ended.
func (g *Graph) renew(s *subtask) {
	if s.current.state == task.Finished {
		g.finished--
	}
	next := attempt{id: s.current.id, state: task.Created}
	next.id.Attempt++
	g.mu.Lock()
	defer g.mu.Unlock()
	s.current = next
}

// deploy starts the current attempts of the subtasks, but for those that were
// cancelled before it came to them.
func (g *Graph) deploy(ctx context.Context, subtasks []*subtask) {
	for _, s := range subtasks {
		if !g.move(s, task.Deploying) {
			continue
		}
		t, err := g.deployer.Deploy(ctx, g.deployment(s))
		if err != nil {
			g.update(s.current.id, task.Failed, err)
			continue
		}
		g.mu.Lock()
		s.current.task = t
		g.mu.Unlock()
	}
}

func (g *Graph) deployment(s *subtask) Deployment {
	return Deployment{
		JobID: g.jobID, Attempt: s.current.id, Job: g.job, Vertex: s.vertex,
		State: g.sources[s.vertex].state(s.current.id.Subtask), Graph: g,
	}
}
