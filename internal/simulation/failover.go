package simulation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/task"
)

var errTaskGone = errors.New("the task is gone")

// lost is how a subtask's death comes to the leader's ears, some time after.
func (d *deployment) lost(s *subtask) {
	w := d.leader.world
	w.after(w.between(0, 2*time.Second), d.leader.process, "misses", s.name, func() {
		go func() {
			if state := d.known[s]; state == task.Deploying || state == task.Running {
				d.known[s] = task.Failed
				d.leader.coordinator.FailUnacknowledgedPendingCheckpoints(s.attempt, errTaskGone)
				d.restart(w.job.region(s), s.name+" is gone")
			}
		}()
	})
}

// restart cancels vertices, and takes them back to the latest checkpoint: the whole
// job, or a region of it that is connected with no other.
func (d *deployment) restart(vertices map[int]bool, why string) {
	w := d.leader.world
	if d.failed == nil {
		d.failed = make(map[int]bool)
	}
	maps.Copy(d.failed, vertices)
	whole := len(d.failed) == w.job.Len()
	if whole && d.scheduled && w.chance(0.5) {
		d.scheduled = false
		d.leader.coordinator.StopCheckpointScheduler()
	} else {
		d.leader.coordinator.AbortPendingCheckpoints(&checkpoint.Failure{Reason: checkpoint.JobFailoverRegion})
	}
	for _, i := range slices.Sorted(maps.Keys(vertices)) {
		for _, s := range d.current[i] {
			d.known[s] = task.Canceling
		}
		d.cancel(d.current[i], 5*time.Second)
	}
	d.restarts++
	round := d.restarts
	d.leader.spawn(w.between(0, time.Second), "restarts the job:", why, func() {
		if d.restarts == round {
			d.restartNow()
		}
	})
}

func (d *deployment) restartNow() {
	vertices := d.failed
	d.failed = nil
	restored, err := d.leader.restore(func(ctx context.Context) (*coordinator.Restored, error) {
		if len(vertices) == d.leader.world.job.Len() {
			return d.leader.coordinator.RestoreLatestToAll(ctx)
		}
		return d.leader.coordinator.RestoreLatestToSubtasks(ctx, d.leader.world.job.ids(vertices)...)
	})
	if err == nil {
		err = d.deploy(restored, vertices)
	}
	if err != nil {
		d.leader.fail(fmt.Errorf("restart: %w", err))
	}
}

// everything is all vertices of the job.
func (j *theJob) everything() map[int]bool {
	all := make(map[int]bool)
	for i := range j.Len() {
		all[i] = true
	}
	return all
}

// region is the vertices that a subtask's is connected with: the lonely one stands
// alone, all others are a chain.
func (j *theJob) region(s *subtask) map[int]bool {
	vertex, _ := j.VertexOf(checkpoint.OperatorID(s.attempt.Vertex))
	if j.Vertex(vertex).Name == lonely {
		return map[int]bool{vertex: true}
	}
	chain := j.everything()
	for i, v := range j.Vertices() {
		if v.Name == lonely {
			delete(chain, i)
		}
	}
	return chain
}

func (j *theJob) ids(vertices map[int]bool) []checkpoint.JobVertexID {
	var ids []checkpoint.JobVertexID
	for _, i := range slices.Sorted(maps.Keys(vertices)) {
		ids = append(ids, j.Vertex(i).ID)
	}
	return ids
}
