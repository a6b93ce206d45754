package simulation

import (
	"container/heap"
	"time"
)

// event is something that will happen.
type event struct {
	at    time.Duration
	order uint64   // of events of the same time, the one that was planned first
	of    *process // who it happens to; nil for the world
	what  string   // for the story
	about string
	do    func()
	off   bool // it was called off
	done  bool // it has happened, or is just happening
}

// queue is what will happen, by time.
type queue []*event

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q queue) Less(i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	return q[i].order < q[j].order
}

// Push is for package heap.
func (q *queue) Push(x any) { *q = append(*q, x.(*event)) }

// Pop is for package heap.
func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return e
}

func (q *queue) add(e *event) { heap.Push(q, e) }

func (q *queue) next() *event {
	if len(*q) == 0 {
		return nil
	}
	return heap.Pop(q).(*event)
}
