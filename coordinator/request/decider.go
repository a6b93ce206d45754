package request

import (
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
)

// MaxQueued is how many requests wait at most.
const MaxQueued = 1000

// Situation is what a decision depends on.
type Situation struct {
	Now            time.Time
	LastCompletion time.Time // zero if there was none
	Triggering     bool      // a checkpoint is on its way to the tasks
	Pending        int       // checkpoints that wait for their tasks
	Cleaning       int       // old checkpoints that are being deleted
}

// Decision is what is to be done.
type Decision struct {
	Chosen *Request // to trigger now; nil for none
	Failed []Failed // are no longer in the queue, and have not been told

	// Rearm is when the periodic timer is to go off next; 0 leaves it alone.
	Rearm time.Duration
}

// Failed is a request that is refused.
type Failed struct {
	Request *Request
	Failure *checkpoint.Failure
}

// Decider holds the queue (Flink: CheckpointRequestDecider). It is for one goroutine
// at a time: the coordinator guards its own with its lock.
type Decider struct {
	maxConcurrent int
	minPause      time.Duration
	queue         []*Request // in the order of compare
	arrivals      uint64
}

// NewDecider returns a decider with an empty queue. No more than maxConcurrent
// checkpoints are to be pending, save those that are forced, and the timer's are not
// to begin within minPause after the end of one.
func NewDecider(maxConcurrent int, minPause time.Duration) *Decider {
	return &Decider{maxConcurrent: maxConcurrent, minPause: minPause}
}

// Submit adds a request and decides. If the queue is full, the last in it is refused,
// or the new one if all in it are of people.
func (d *Decider) Submit(r *Request, s Situation) Decision {
	if len(d.queue) >= MaxQueued && !d.queue[len(d.queue)-1].Periodic {
		return Decision{Failed: []Failed{{r, &checkpoint.Failure{Reason: checkpoint.TooManyCheckpointRequests}}}}
	}
	d.add(r)
	var failed []Failed
	if last := len(d.queue) - 1; last >= MaxQueued {
		failed = []Failed{{d.queue[last], &checkpoint.Failure{Reason: checkpoint.TooManyCheckpointRequests}}}
		d.queue[last] = nil
		d.queue = d.queue[:last]
	}
	decision := d.Next(s)
	decision.Failed = append(failed, decision.Failed...)
	return decision
}

func (d *Decider) add(r *Request) {
	d.arrivals++
	r.arrival = d.arrivals
	at, _ := slices.BinarySearchFunc(d.queue, r, compare)
	d.queue = slices.Insert(d.queue, at, r)
}

// Next decides when something has changed: a checkpoint was triggered or has ended,
// or an old one is deleted.
func (d *Decider) Next(s Situation) Decision {
	if s.Triggering || len(d.queue) == 0 || s.Cleaning > d.maxConcurrent {
		return Decision{}
	}
	first := d.queue[0]
	if first.Properties.Forced {
		return Decision{Chosen: d.take()}
	}
	if s.Pending >= d.maxConcurrent {
		return Decision{}
	}
	if pause := d.pause(s); first.Periodic && pause > 0 {
		failure := &checkpoint.Failure{Reason: checkpoint.MinimumTimeBetweenCheckpoints}
		return Decision{Failed: []Failed{{d.take(), failure}}, Rearm: pause}
	}
	return Decision{Chosen: d.take()}
}

// pause returns how long the timer's requests have to wait yet.
func (d *Decider) pause(s Situation) time.Duration {
	if s.LastCompletion.IsZero() {
		return 0
	}
	return s.LastCompletion.Sub(s.Now) + d.minPause
}

func (d *Decider) take() *Request {
	first := d.queue[0]
	d.queue[0] = nil
	d.queue = d.queue[1:]
	return first
}

// Len returns the number of requests that wait.
func (d *Decider) Len() int { return len(d.queue) }

// Drain empties the queue, and returns what was in it, in its order.
func (d *Decider) Drain() []*Request {
	all := d.queue
	d.queue = nil
	return all
}
