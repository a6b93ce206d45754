package request

import (
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// Request asks for a checkpoint (Flink: CheckpointTriggerRequest). Its fields are not
// changed once it is submitted.
type Request struct {
	Properties checkpoint.Properties // with Forced, it does not wait for others to end
	Target     string                // directory for a savepoint; empty: the default one
	Periodic   bool                  // by the timer
	At         time.Time

	promise *Promise
	arrival uint64 // decides between requests of the same time
}

// New returns a request that a person made at a time.
func New(properties checkpoint.Properties, target string, at time.Time) *Request {
	return &Request{Properties: properties, Target: target, At: at, promise: newPromise()}
}

// NewPeriodic returns a request that the timer made at a time.
func NewPeriodic(properties checkpoint.Properties, at time.Time) *Request {
	return &Request{Properties: properties, Periodic: true, At: at, promise: newPromise()}
}

// Promise returns what the request will come to.
func (r *Request) Promise() *Promise { return r.promise }

// Complete answers with a checkpoint. Only the first answer counts.
func (r *Request) Complete(c *completed.Checkpoint) { r.promise.settle(c, nil) }

// Fail answers with the reason why there is none. Only the first answer counts.
func (r *Request) Fail(err error) { r.promise.settle(nil, err) }

// compare orders requests by what is triggered first. No two are equal once they have
// arrived.
func compare(a, b *Request) int {
	switch {
	case a.Properties.Type.Savepoint != b.Properties.Type.Savepoint:
		return first(a.Properties.Type.Savepoint)
	case a.Properties.Forced != b.Properties.Forced:
		return first(a.Properties.Forced)
	case a.Periodic != b.Periodic:
		return first(b.Periodic)
	case !a.At.Equal(b.At):
		return a.At.Compare(b.At)
	}
	return first(a.arrival < b.arrival)
}

func first(a bool) int {
	if a {
		return -1
	}
	return 1
}
