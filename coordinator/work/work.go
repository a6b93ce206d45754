// Package work is how time passes and how work gets done beside the caller: a
// [Clock] and an [Executor].
//
// A coordinator never asks the system for either. In a program it has [System]'s; in
// a simulation it has some that do one thing at a time, in an order that a seed
// decides, so that whatever can happen can be made to happen again.
package work

import (
	"context"
	"sync"
	"time"
)

// Clock tells the time and wakes up. It is safe for use by many goroutines at once.
type Clock interface {
	// Now never goes back: durations between its answers are true.
	Now() time.Time

	// AfterFunc calls f once, after the duration, in whatever goroutine, unless the
	// timer is stopped before.
	AfterFunc(d time.Duration, f func()) Timer
}

// Timer is a call that is to come.
type Timer interface {
	// Stop prevents the call, and reports whether it did. It does not wait for a
	// call that has begun.
	Stop() bool
}

// Executor runs what takes long. It is safe for use by many goroutines at once.
type Executor interface {
	// Go calls f at some time, in another goroutine, or later in this one; never
	// before Go returns.
	Go(f func())

	// NewLock returns a lock for what may be held while a store is asked, which
	// may take long: an executor that does one thing at a time must know who waits
	// for whom.
	NewLock() sync.Locker

	// Await returns when done is closed, or else when the context ends, with its
	// cause. Others run meanwhile.
	Await(ctx context.Context, done <-chan struct{}) error
}

// Blocking has the methods of an [Executor] that may block whoever calls it.
type Blocking struct{}

// NewLock returns a mutex.
func (Blocking) NewLock() sync.Locker { return new(sync.Mutex) }

// Await blocks.
func (Blocking) Await(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Goroutines is an [Executor] that starts a goroutine for each call. Its zero value
// is ready.
type Goroutines struct {
	Blocking
	running sync.WaitGroup
}

// Go calls f in a new goroutine.
func (g *Goroutines) Go(f func()) { g.running.Go(f) }

// Wait returns when all has run.
func (g *Goroutines) Wait() { g.running.Wait() }

// System is the system's [Clock].
type System struct{}

// Now returns the time.
func (System) Now() time.Time { return time.Now() }

// AfterFunc is [time.AfterFunc].
func (System) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }
