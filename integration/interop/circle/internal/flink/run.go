package flink

import (
	"context"
	"time"
)

// What all jobs have.
const (
	Partitions = 8   // of the sources together
	KeyGroups  = 128 // of each keyed operator
)

// Feed lets each partition of the sources emit the numbers below the limit. An operator that delays records holds each of them for so long.
func (j *Job) Feed(ctx context.Context, limit int, delay time.Duration) error {
	return j.jvm.call(ctx, "feed", object{"limit": limit, "delay": delay.Milliseconds()}, nil)
}

// Settled is what a job has done.
type Settled struct {
	Counted  int            // records, in keyed state, since the very first life of the job
	Keys     int            // that were counted for, in this life
	Restored map[string]int // what tasks found in restored state, by kind
}

// Settle waits until the sources have emitted all that they may, and all of it is
// counted in keyed state, once.
func (j *Job) Settle(ctx context.Context) (s Settled, err error) {
	return s, j.jvm.call(ctx, "settle", nil, &s)
}

// SettleFinished is Settle for a job of sources that finish, of which nobody knows
// any more what they had emitted: each key must only go on from where it was.
func (j *Job) SettleFinished(ctx context.Context) (s Settled, err error) {
	return s, j.jvm.call(ctx, "settle-finished", nil, &s)
}

// Cancel cancels the job, and returns its status.
func (j *Job) Cancel(ctx context.Context) (string, error) { return j.end(ctx, "cancel") }

// Ended waits until the job has ended by itself, and returns its status.
func (j *Job) Ended(ctx context.Context) (string, error) { return j.end(ctx, "ended") }

func (j *Job) end(ctx context.Context, how string) (status string, err error) {
	err = j.jvm.call(ctx, how, nil, &status)
	j.jvm.mu.Lock()
	defer j.jvm.mu.Unlock()
	if j.jvm.job == j {
		j.jvm.job = nil
		close(j.events)
	}
	return status, err
}
