package durable

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/coordinator/completed"
)

// IDCounter numbers the checkpoints of the job (Flink: CheckpointIDCounter). An id is
// taken by one write to the record, which nobody but the leader can make: so no two
// checkpoints of the job have one number, whatever fails. [Store.IDCounter] returns it.
type IDCounter struct{ store *Store }

// IDCounter returns the counter of the job.
func (s *Store) IDCounter() *IDCounter { return &IDCounter{s} }

// Get returns the id that the next checkpoint will have. It makes no request.
func (c *IDCounter) Get(context.Context) (int64, error) {
	if err := c.store.standing(); err != nil {
		return 0, fmt.Errorf("coordinator/durable: read the checkpoint id: %w", err)
	}
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	return c.store.shown.Next, nil
}

// GetAndIncrement takes an id, and records that a checkpoint has begun, which Ended or
// Add ends. After an error the id may be lost: then the next one is higher.
func (c *IDCounter) GetAndIncrement(ctx context.Context) (int64, error) {
	id, err := c.take(ctx)
	if err != nil {
		return 0, fmt.Errorf("coordinator/durable: take a checkpoint id: %w", err)
	}
	return id, nil
}

func (c *IDCounter) take(ctx context.Context) (id int64, err error) {
	if err := c.store.standing(); err != nil {
		return 0, err
	}
	err = c.store.change(ctx, func(l ledger) (ledger, []*completed.Checkpoint) {
		l, id = l.take()
		return l, nil
	})
	if err != nil && id > 0 {
		c.store.Ended(id) // nobody will use it
	}
	return id, err
}

// SetCount makes next the id of the next checkpoint, unless a higher one has been handed
// out or belongs to a checkpoint that was added: an id never comes again. It makes no
// request if there is nothing to change.
func (c *IDCounter) SetCount(ctx context.Context, next int64) error {
	if now, err := c.Get(ctx); err != nil || now >= next {
		return err
	}
	err := c.store.change(ctx, func(l ledger) (ledger, []*completed.Checkpoint) {
		l.Next = max(l.Next, next)
		return l, nil
	})
	if err != nil {
		return fmt.Errorf("coordinator/durable: set the checkpoint id to %d: %w", next, err)
	}
	return nil
}

// Shutdown does nothing: the count is a part of the record, which the store ends.
func (c *IDCounter) Shutdown(context.Context, completed.JobStatus) error { return nil }
