package execution

import (
	"context"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/work"
)

// restart is subtasks that are to be started again, once the wait is over and all of
// them have ended: those of a region, or all.
type restart struct {
	subtasks []*subtask
	global   bool
	live     int // of its subtasks
	waited   bool
	timer    work.Timer
}

// newRestart takes over what other restarts wait for, if it is one of all subtasks. A
// region that waits cannot fail again: nothing of it is left to fail.
func (g *Graph) newRestart(subtasks []*subtask, global bool) *restart {
	if global {
		g.dropRestarts()
	}
	r := &restart{subtasks: subtasks, global: global}
	for _, s := range subtasks {
		s.restart = r
		if s.current.live() {
			r.live++
		}
	}
	g.restarts[r] = true
	return r
}

func (g *Graph) dropRestarts() {
	for r := range g.restarts {
		g.drop(r)
	}
}

// drop forgets a restart, which then does not happen.
func (g *Graph) drop(r *restart) {
	delete(g.restarts, r)
	if r.timer != nil {
		r.timer.Stop()
	}
	for _, s := range r.subtasks {
		s.restart = nil
	}
}

// tryRestart gives the subtasks new attempts, and those what they start from (Flink:
// DefaultScheduler.restartTasks).
func (g *Graph) tryRestart(r *restart) {
	if !g.restarts[r] || !r.waited || r.live > 0 {
		return
	}
	g.drop(r)
	for _, s := range r.subtasks {
		g.renew(s)
	}
	if err := g.restoreState(g.life, r); err != nil {
		if g.life.Err() == nil { // else the end is next
			g.failGlobal(err)
		}
		return
	}
	if len(g.restarts) == 0 {
		g.turn(Running, nil)
	}
	g.deploy(g.ctx, r.subtasks)
}

// restoreState finds what the new attempts start from (Flink:
// SchedulerBase.restoreState). A checkpoint that was begun since the failure is
// aborted here.
func (g *Graph) restoreState(ctx context.Context, r *restart) error {
	if g.checkpoints == nil {
		return nil
	}
	g.abortPending(nil)
	if r.global {
		restored, err := g.checkpoints.RestoreLatestToAll(ctx)
		if err != nil {
			return err
		}
		g.startFrom(restored, r.subtasks)
		return nil
	}
	restored, err := g.checkpoints.RestoreLatestToSubtasks(ctx, g.vertexIDs(r.subtasks)...)
	if err != nil {
		return err
	}
	g.startFrom(restored, r.subtasks)
	g.subtasksReset(r.subtasks, restored)
	return nil
}

// startFrom remembers what subtasks that are deployed from now on start from: nothing,
// if nothing was restored. Those that run have what they have.
func (g *Graph) startFrom(restored *coordinator.Restored, subtasks []*subtask) {
	for _, s := range subtasks {
		g.sources[s.vertex] = source{}
	}
	if restored == nil {
		return
	}
	max := make([]int32, g.job.Len())
	for i, v := range g.job.Vertices() {
		max[i] = v.MaxParallelism
	}
	for i := range restored.Assignment.Vertices {
		assigned := &restored.Assignment.Vertices[i]
		vertex := g.index[assigned.Vertex.ID]
		g.sources[vertex] = source{assigned, restored}
		max[vertex] = assigned.MaxParallelism
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.job = g.job.WithMaxParallelism(max)
}

// vertexIDs returns those of the subtasks, each once.
func (g *Graph) vertexIDs(subtasks []*subtask) []checkpoint.JobVertexID {
	var ids []checkpoint.JobVertexID
	for i, s := range subtasks {
		if i == 0 || s.vertex != subtasks[i-1].vertex {
			ids = append(ids, s.current.id.Vertex)
		}
	}
	return ids
}
