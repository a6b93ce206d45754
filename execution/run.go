package execution

import (
	"context"
	"errors"

	"github.com/cairnstate/cairn/task"
)

// ErrStarted says that the job was started before, or ended.
var ErrStarted = errors.New("the job was started already")

// Start has all attempts deployed, once, and returns at once. The end of ctx does not
// end the job, for which there are [Graph.Cancel] and [Graph.Suspend]; its values go
// with what the graph does.
func (g *Graph) Start(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.started || g.status != Created {
		return ErrStarted
	}
	ctx = context.WithoutCancel(ctx)
	life, halt := context.WithCancelCause(ctx)
	g.started, g.halt = true, halt
	g.main.post(func() { g.start(ctx, life) })
	return nil
}

func (g *Graph) start(ctx, life context.Context) {
	if g.status != Created {
		return // it was cancelled first
	}
	g.ctx, g.life = ctx, life
	g.chooseStrategy()
	if err := g.startOperators(ctx); err != nil {
		g.fail(err)
		return
	}
	g.turn(Running, nil)
	g.deploy(ctx, g.subtasks)
}

// UpdateTaskState tells how far an attempt has come, and of a failure why. What it
// says of an attempt that is not the current one any more is not heard.
func (g *Graph) UpdateTaskState(attempt task.ExecutionAttempt, state task.State, cause error) {
	g.main.post(func() { g.update(attempt, state, cause) })
}

func (g *Graph) update(id task.ExecutionAttempt, state task.State, cause error) {
	s := g.find(id)
	if s == nil || !reported(state) {
		g.log.DebugContext(g.ctx, "update not heard", "attempt", id, "state", state)
		return
	}
	if s.current.state == task.Canceling && state.Terminal() {
		state = task.Canceled // however it ended, it was asked to
	} else if state == task.Canceled {
		state, cause = task.Failed, errors.Join(errNotAsked, cause)
	}
	if !g.move(s, state) {
		return // it has come further already
	}
	g.subtaskReady(s)
	if state == task.Failed {
		g.taskFailed(s, cause)
	}
	g.settle(s)
}

var errNotAsked = errors.New("execution: a task was cancelled that nobody had asked to end")

// reported tells what an attempt says of itself from what a graph decides about it.
func reported(state task.State) bool {
	return state == task.Initializing || state == task.Running || state.Terminal()
}

// find returns the subtask whose current attempt it is.
func (g *Graph) find(id task.ExecutionAttempt) *subtask {
	vertex, there := g.index[id.Vertex]
	if !there || id.Subtask < 0 || int(id.Subtask) >= len(g.vertices[vertex]) {
		return nil
	}
	if s := g.vertices[vertex][id.Subtask]; s.current.id == id {
		return s
	}
	return nil
}

// settle goes on with what waited for the end of an attempt.
func (g *Graph) settle(s *subtask) {
	if r := s.restart; r != nil {
		g.tryRestart(r)
	}
	g.tryEnd()
}
