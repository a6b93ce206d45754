package durable

import (
	"context"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/coordinator/completed"
)

// Started records where a savepoint is about to be written, by one write.
func (s *Store) Started(ctx context.Context, l completed.Leftover) error {
	err := s.standing()
	if err == nil {
		err = s.change(ctx, func(now ledger) (ledger, []*completed.Checkpoint) { return now.begin(l), nil })
	}
	if err != nil {
		return fmt.Errorf("coordinator/durable: record that checkpoint %d is written to %s: %w", l.ID, l.Directory, err)
	}
	return nil
}

// Completed records that a savepoint is complete, by one write.
func (s *Store) Completed(ctx context.Context, id int64) error {
	err := s.standing()
	if err == nil {
		err = s.change(ctx, func(now ledger) (ledger, []*completed.Checkpoint) { return now.complete(id), nil })
	}
	if err != nil {
		return fmt.Errorf("coordinator/durable: record that savepoint %d is complete: %w", id, err)
	}
	return nil
}

// Ended says that there is nothing left to do for the id. The next write takes it along.
func (s *Store) Ended(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended[id] = true
	s.leftovers = slices.DeleteFunc(slices.Clone(s.leftovers), func(l completed.Leftover) bool { return l.ID == id })
}

// Leftovers returns what earlier leaders have left, as it was when this one took over,
// without what has ended since.
func (s *Store) Leftovers() []completed.Leftover {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.leftovers)
}
