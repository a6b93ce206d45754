package simulation

import (
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// theJob is what runs: sources, and what reads them.
type theJob struct {
	*job.Job
	subtasks []string // the names that history has for them
	config   checkpointing.CoordinatorConfiguration
	retain   int
}

// shape is what all lives of a job have in common.
type shape struct {
	steps  int
	lonely bool // there is a vertex that is connected with no other
}

const lonely = "lonely"

// makeJob draws a small job, and how it is checkpointed.
func (w *world) makeJob(of shape) (*theJob, error) {
	vertices := []job.Vertex{w.vertex("source", 1+w.random.IntN(2))}
	for i := range of.steps {
		v := w.vertex([]string{"count", "sink"}[i], 1+w.random.IntN(2))
		v.Inputs = []job.Input{{From: i, Pattern: job.AllToAll}}
		vertices = append(vertices, v)
	}
	if of.lonely {
		vertices = append(vertices, w.vertex(lonely, 1))
	}
	j, err := job.New(vertices...)
	if err != nil {
		return nil, err
	}
	interval := w.between(2*time.Second, 6*time.Second)
	made := &theJob{Job: j, retain: 1 + w.random.IntN(3), config: checkpointing.CoordinatorConfiguration{
		Interval:              interval,
		IntervalDuringBacklog: interval,
		Timeout:               w.between(2*time.Second, 15*time.Second),
		MinPause:              w.between(0, time.Second),
		MaxConcurrent:         int32(1 + w.random.IntN(3)),
		Retention:             []checkpoint.RetentionPolicy{checkpoint.RetainOnCancellation, checkpoint.RetainOnFailure, checkpoint.NeverRetainAfterTermination}[w.random.IntN(3)],
		ExactlyOnce:           true,
		TolerableFailures:     int32(w.random.IntN(4)),
		AfterTasksFinish:      true,
	}}
	for _, v := range j.Vertices() {
		for i := range v.Parallelism {
			made.subtasks = append(made.subtasks, subtaskName(v.Operators[0].ID, i))
		}
	}
	return made, nil
}

func (w *world) vertex(name string, parallelism int) job.Vertex {
	id := checkpoint.OperatorIDFromUID(name)
	return job.Vertex{ID: checkpoint.JobVertexID(id), Name: name, Parallelism: int32(parallelism), MaxParallelism: 8,
		Operators: []job.Operator{{ID: id, UID: name}}}
}
