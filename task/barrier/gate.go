package barrier

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Gate is where the records of several channels come into a subtask: a bounded queue for
// each, and an [Aligner]. Each channel has one producer, which calls Put; one goroutine
// consumes, and calls all else.
type Gate[T any] struct {
	now     func() time.Time
	aligner *Aligner
	drained []bool   // by channel
	decided Decision // what has not been given out yet
	turn    int      // the channel to look at first, so that none starves

	wake  chan struct{}
	mu    sync.Mutex
	queue []queue[T] // each guarded by mu
}

// NewGate returns a gate of so many channels, each of which holds so many elements.
func NewGate[T any](channels, capacity int, now func() time.Time) *Gate[T] {
	g := &Gate[T]{now: now, aligner: New(channels), drained: make([]bool, channels), wake: make(chan struct{}, 1), queue: make([]queue[T], channels)}
	for i := range g.queue {
		g.queue[i] = newQueue[T](capacity)
	}
	return g
}

// Put appends an element to a channel, and waits while that is full. The error is the
// cause of the context's end; the element is not in the channel then.
func (g *Gate[T]) Put(ctx context.Context, channel int, e Element[T]) error {
	for !g.tryPut(channel, e) {
		select {
		case <-g.queue[channel].space:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

func (g *Gate[T]) tryPut(channel int, e Element[T]) bool {
	g.mu.Lock()
	q := &g.queue[channel]
	fits := q.push(e)
	g.mu.Unlock()
	if fits {
		signal(g.wake)
	}
	return fits
}

// Wake returns the channel that says that Poll may have something; it may be wrong.
func (g *Gate[T]) Wake() <-chan struct{} { return g.wake }

// Event is what a subtask has to deal with next: Snapshot or Aborted, or else the record
// of a channel.
type Event[T any] struct {
	Snapshot *Aligned
	Aborted  *Aborted
	Channel  int
	Record   T
}

// Poll returns what comes next, if there is anything yet.
func (g *Gate[T]) Poll() (Event[T], bool) {
	for {
		if event, ok := g.due(); ok {
			return event, true
		}
		channel, e, ok := g.take()
		if !ok {
			return Event[T]{}, false
		}
		switch e.Kind {
		case Record:
			return Event[T]{Channel: channel, Record: e.Record}, true
		case Barrier:
			g.decided = g.aligner.Barrier(channel, *e.Barrier, g.now())
		case Cancellation:
			g.decided = g.aligner.Cancel(channel, e.ID)
		case Drained:
			g.drained[channel] = true
		case End:
			g.drained[channel] = true
			g.decided = g.aligner.End(channel, g.now())
		}
	}
}

// due gives out what was decided: what is given up first, for it is older.
func (g *Gate[T]) due() (event Event[T], ok bool) {
	switch d := &g.decided; {
	case len(d.Aborted) > 0:
		event.Aborted, d.Aborted = &d.Aborted[0], d.Aborted[1:]
	case len(d.Snapshots) > 0:
		event.Snapshot, d.Snapshots = &d.Snapshots[0], d.Snapshots[1:]
	default:
		return event, false
	}
	return event, true
}

// take takes an element of a channel that is not blocked, of each in turn.
func (g *Gate[T]) take() (channel int, e Element[T], ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range g.queue {
		channel = (g.turn + i) % len(g.queue)
		q := &g.queue[channel]
		if q.len == 0 || g.aligner.Blocked(channel) {
			continue
		}
		g.turn = (channel + 1) % len(g.queue)
		return channel, q.pop(), true
	}
	return 0, e, false
}

// Processed tells of the bytes of a record.
func (g *Gate[T]) Processed(bytes int64) { g.aligner.Processed(bytes) }

// Abort tells that the coordinator has given a checkpoint up.
func (g *Gate[T]) Abort(id int64) {
	d := g.aligner.Abort(id)
	g.decided.Aborted = append(g.decided.Aborted, d.Aborted...)
}

// Drained reports whether no records come any more, of any channel, and all that came
// were given out.
func (g *Gate[T]) Drained() bool { return !slices.Contains(g.drained, false) }

// Ended reports whether all channels have ended, and all that they brought was given out.
func (g *Gate[T]) Ended() bool {
	return g.aligner.Ended() && len(g.decided.Snapshots) == 0 && len(g.decided.Aborted) == 0
}
