package pending

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

// Result is what an answer is worth.
type Result int

// The results.
const (
	Success   Result = iota // it was waited for, and has been taken down
	Duplicate               // it was given before; what came with it is what came before
	Unknown                 // nobody asked; what came with it is to be discarded
	Discarded               // the checkpoint was disposed of; so is what came with it
)

// String returns Flink's name of the result.
func (r Result) String() string {
	return [...]string{"SUCCESS", "DUPLICATE", "UNKNOWN", "DISCARDED"}[r]
}

// AcknowledgeTask takes down that a subtask has written its part. The snapshot is nil
// if it had nothing to write; it must not be changed any more.
func (c *Checkpoint) AcknowledgeTask(attempt task.ExecutionAttempt, s *task.Snapshot) Result {
	slot := c.slot(attempt)
	switch {
	case c.disposed:
		return Discarded
	case slot == nil:
		return Unknown
	case slot.acknowledged:
		return Duplicate
	}
	slot.acknowledged, slot.snapshot = true, s
	c.acknowledged++
	return Success
}

// AcknowledgedBy reports whether nothing is expected of an attempt any more; or never
// was.
func (c *Checkpoint) AcknowledgedBy(attempt task.ExecutionAttempt) bool {
	slot := c.slot(attempt)
	return c.disposed || slot == nil || slot.acknowledged
}

// slot finds an attempt that is waited for; nil if it is not.
func (c *Checkpoint) slot(attempt task.ExecutionAttempt) *slot {
	vertex, known := c.vertices[attempt.Vertex]
	if !known || attempt.Subtask < 0 || int(attempt.Subtask) >= len(c.tasks[vertex]) {
		return nil
	}
	s := &c.tasks[vertex][attempt.Subtask]
	if !s.expected || s.attempt != attempt {
		return nil
	}
	return s
}

// AcknowledgeCoordinator takes down the state of an operator's coordinator, which must
// not be changed any more; nil if it has none.
func (c *Checkpoint) AcknowledgeCoordinator(op checkpoint.OperatorID, state []byte) Result {
	oc := c.coordinators[op]
	switch {
	case c.disposed:
		return Discarded
	case oc == nil:
		return Unknown
	case oc.acknowledged:
		return Duplicate
	}
	oc.acknowledged, oc.state = true, state
	c.others--
	return Success
}

// AcknowledgeHook takes down the state of a master hook; nil if it has none.
func (c *Checkpoint) AcknowledgeHook(identifier string, state *checkpoint.MasterState) Result {
	i := slices.IndexFunc(c.hooks, func(h hook) bool { return h.identifier == identifier })
	switch {
	case c.disposed:
		return Discarded
	case i < 0:
		return Unknown
	case c.hooks[i].acknowledged:
		return Duplicate
	}
	c.hooks[i].acknowledged, c.hooks[i].state = true, state
	c.others--
	return Success
}
