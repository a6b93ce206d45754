package statistics

import (
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

// record is a checkpoint that may still change.
type record struct {
	checkpoint Checkpoint
	vertices   map[checkpoint.JobVertexID]int // indexes of its tasks; nil when it has ended
}

func newRecord(p Pending) *record {
	r := &record{vertices: make(map[checkpoint.JobVertexID]int, len(p.Tasks))}
	r.checkpoint = Checkpoint{ID: p.CheckpointID, Status: InProgress, Properties: p.Properties, Triggered: p.Triggered}
	for i, t := range p.Tasks {
		r.vertices[t.Vertex] = i
		r.checkpoint.Subtasks += t.Subtasks
		r.checkpoint.Tasks = append(r.checkpoint.Tasks, Task{Vertex: t.Vertex, Subtasks: make([]Subtask, t.Subtasks)})
	}
	for _, finished := range p.Finished {
		r.acknowledge(finished, p.Triggered, task.Metrics{})
	}
	return r
}

// acknowledge counts a subtask once; who is not of this checkpoint does not count.
func (r *record) acknowledge(attempt task.ExecutionAttempt, at time.Time, m task.Metrics) {
	i, known := r.vertices[attempt.Vertex]
	if !known || attempt.Subtask < 0 || int(attempt.Subtask) >= len(r.checkpoint.Tasks[i].Subtasks) {
		return
	}
	t := &r.checkpoint.Tasks[i]
	if s := &t.Subtasks[attempt.Subtask]; s.Acknowledged.IsZero() {
		*s = Subtask{Acknowledged: at, Metrics: m}
		t.add(at, m)
		r.checkpoint.add(at, m)
	}
}

func (t *Task) add(at time.Time, m task.Metrics) {
	t.Acknowledged++
	t.LatestAcknowledged = at
	t.StateSize += m.FullStateBytes
	t.CheckpointedSize += m.CheckpointedBytes
	t.ProcessedBytes += m.BytesProcessed
	t.PersistedBytes += m.BytesPersisted
}

func (c *Checkpoint) add(at time.Time, m task.Metrics) {
	c.Acknowledged++
	c.LatestAcknowledged = at
	c.StateSize += m.FullStateBytes
	c.CheckpointedSize += m.CheckpointedBytes
	c.ProcessedBytes += m.BytesProcessed
	c.PersistedBytes += m.BytesPersisted
	c.Unaligned = c.Unaligned || m.UnalignedCheckpoint
}

// copied returns a value that does not change any more. What has ended is shared.
func (r *record) copied() Checkpoint {
	c := r.checkpoint
	if r.vertices == nil {
		return c
	}
	c.Tasks = slices.Clone(c.Tasks)
	for i := range c.Tasks {
		c.Tasks[i].Subtasks = slices.Clone(c.Tasks[i].Subtasks)
	}
	return c
}
