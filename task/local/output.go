package local

import (
	"context"
	"math/rand/v2"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task/barrier"
)

// element is what goes through the queues between subtasks.
type element = barrier.Element[any]

// target is one channel of a consumer.
type target struct {
	gate    *barrier.Gate[any]
	channel int
}

// output is an edge as one producing subtask sees it.
type output struct {
	ctx            context.Context
	edge           int
	choose         func(record any) int // of the targets; negative for all
	targets        []target
	maxParallelism int32
}

// emit sends a record to whom the partitioner chooses.
func (o *output) emit(record any) error {
	chosen := o.choose(record)
	if chosen < 0 {
		return o.all(element{Record: record})
	}
	t := &o.targets[chosen]
	return t.gate.Put(o.ctx, t.channel, element{Record: record})
}

// all sends to all: barriers, and what is broadcast.
func (o *output) all(e element) error {
	for i := range o.targets {
		if err := o.targets[i].gate.Put(o.ctx, o.targets[i].channel, e); err != nil {
			return err
		}
	}
	return nil
}

// chooser returns how targets are chosen. The targets of an edge by key are all subtasks
// of the consumer, in order.
func (o *output) chooser(e *edge, parallelism int32) func(any) int {
	switch e.partitioner.Name {
	case "hash":
		return func(record any) int {
			group := checkpoint.AssignToKeyGroup(e.hash(record), o.maxParallelism)
			return int(checkpoint.SubtaskForKeyGroup(group, o.maxParallelism, parallelism))
		}
	case "broadcast":
		return func(any) int { return -1 }
	case "global":
		return func(any) int { return 0 }
	case "shuffle":
		return func(any) int { return rand.IntN(len(o.targets)) }
	}
	next := -1
	return func(any) int { // rebalance and rescale; forward has one target
		next = (next + 1) % len(o.targets)
		return next
	}
}
