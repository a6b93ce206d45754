package completed

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Store keeps the completed checkpoints of one job, oldest first (Flink:
// CompletedCheckpointStore). It is safe for use by many goroutines at once.
type Store interface {
	// Recover reads what is stored, if that is elsewhere. The coordinator calls it
	// before each restore, under its lock. It must not leave half of what it
	// found.
	Recover(ctx context.Context) error

	// Add appends a checkpoint as the newest and returns those that it pushed
	// out, oldest first, which [Subsume] chose. The store forgets them; their
	// files are the caller's business. After an error the store is as it was, unless
	// that is [ErrInDoubt]. After [ErrFenced] it is another's.
	Add(ctx context.Context, c *Checkpoint) (subsumed []*Checkpoint, err error)

	// All returns the checkpoints, oldest first. The slice is the caller's.
	All() []*Checkpoint

	// Shutdown empties the store at the end of the job, and returns what is then
	// to be discarded and what stays for the user, as [ToDiscard] tells them
	// apart. A store that survives the process keeps everything, and discards
	// nothing, unless the end is globally terminal. It is called once, last.
	Shutdown(ctx context.Context, status JobStatus) (discard, retain []*Checkpoint, err error)
}

// Deque is the [Store] in memory (Flink: StandaloneCompletedCheckpointStore).
// [NewDeque] makes one.
type Deque struct {
	retain int

	mu          sync.Mutex
	checkpoints []*Checkpoint // oldest first
}

// NewDeque returns an empty store that retains so many checkpoints, at least one.
func NewDeque(retain int) (*Deque, error) {
	if retain < 1 {
		return nil, fmt.Errorf("completed checkpoint store: cannot retain %d checkpoints: must be at least 1", retain)
	}
	return &Deque{retain: retain}, nil
}

// Recover does nothing: what was in memory is still there, or is gone.
func (d *Deque) Recover(context.Context) error { return nil }

// Add appends the checkpoint. It cannot fail.
func (d *Deque) Add(_ context.Context, c *Checkpoint) (subsumed []*Checkpoint, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.checkpoints, subsumed = Subsume(append(d.checkpoints, c), d.retain)
	return subsumed, nil
}

// All returns the checkpoints, oldest first.
func (d *Deque) All() []*Checkpoint {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.checkpoints)
}

// Shutdown empties the store. All that the properties give up is discarded, at a
// suspension too: nobody could find it again. It cannot fail.
func (d *Deque) Shutdown(_ context.Context, status JobStatus) (discard, retain []*Checkpoint, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	discard, retain = ToDiscard(d.checkpoints, status)
	d.checkpoints = nil
	return discard, retain, nil
}
