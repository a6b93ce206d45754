package twophase

import (
	"context"
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

// Transactions is the world outside. H is what finds a transaction again: a value that
// goes into checkpoints, as JSON. All calls come from the subtask's goroutine.
type Transactions[In, H any] interface {
	// Begin begins a transaction, of which nothing is visible. Whoever lists
	// transactions later must be able to tell its origin: put it into the name.
	Begin(ctx context.Context, origin Origin) (Transaction[In, H], error)

	// Commit makes a transaction visible, if it is not yet. The package comment says
	// what it must promise.
	Commit(ctx context.Context, handle H) error

	// AbortStale aborts all transactions, prepared or not, whose origin is stale. They
	// are not used by anybody any more.
	AbortStale(ctx context.Context, stale func(Origin) bool) error
}

// Origin is where a transaction comes from. It is comparable.
type Origin struct {
	Subtask int32 // index
	// After is the last checkpoint that the subtask had taken part in when it began
	// the transaction; 0 if there was none.
	After int64
	// Epoch is that of the process, as [program.Subtask] has it.
	Epoch int64
}

// Transaction is one that records are written into.
type Transaction[In, H any] interface {
	Write(ctx context.Context, record In) error

	// Prepare is the first phase: all records are durable, and none is visible.
	Prepare(ctx context.Context) (H, error)

	// Close aborts the transaction, unless it is prepared. It may be called more than
	// once.
	Close() error
}

// Sink is a [program.Sink] whose output appears exactly once. Make one with New.
//
// The output of a checkpoint appears when it is complete, all at once in each subtask.
// Records behind the last checkpoint of a job appear never, unless it ends by itself or
// by a savepoint.
type Sink[In, H any] struct {
	transactions Transactions[In, H]
	sub          *program.Subtask
	state        *state.ListState[prepared[H]]
	after        int64              // the last checkpoint that was taken
	open         Transaction[In, H] // nil until there is a record
	waiting      []prepared[H]      // for their checkpoint, the oldest first
}

// prepared is a transaction in a checkpoint.
type prepared[H any] struct {
	Checkpoint int64 `json:"checkpoint"`
	Handle     H     `json:"handle"`
}

// New returns a sink, for one subtask.
func New[In, H any](transactions Transactions[In, H]) *Sink[In, H] {
	return &Sink[In, H]{transactions: transactions}
}

// Open commits what the restored checkpoint has, whichever subtask had prepared it, and
// aborts what is behind that checkpoint.
func (s *Sink[In, H]) Open(ctx context.Context, sub *program.Subtask) (err error) {
	s.sub, s.after = sub, sub.RestoredCheckpoint
	if s.state, err = state.List[prepared[H]](sub.State, "transactions", checkpoint.SplitDistribute, nil); err != nil {
		return err
	}
	s.waiting = s.state.Values()
	if err := s.commit(ctx, func(prepared[H]) bool { return true }); err != nil {
		return fmt.Errorf("twophase: commit what checkpoint %d holds: %w", sub.RestoredCheckpoint, err)
	}
	if err := s.transactions.AbortStale(ctx, s.stale); err != nil {
		return fmt.Errorf("twophase: abort what earlier attempts left: %w", err)
	}
	return nil
}

// stale reports whether a transaction is for this subtask to abort. What was begun before
// the subtask of then took part in the restored checkpoint was prepared for that one at
// the latest: it is committed, or in there, and then some subtask commits it now. All
// else is behind it. Of several subtasks one looks after each former one, and none after
// those that run beside it, in this process or in one that has taken the job over.
func (s *Sink[In, H]) stale(o Origin) bool {
	return o.Epoch <= s.sub.Epoch && o.Subtask%s.sub.Parallelism == s.sub.Index && o.After >= s.sub.RestoredCheckpoint
}

// Write writes the record into the open transaction.
func (s *Sink[In, H]) Write(ctx context.Context, record In) (err error) {
	if s.open == nil {
		if s.open, err = s.transactions.Begin(ctx, Origin{Subtask: s.sub.Index, After: s.after, Epoch: s.sub.Epoch}); err != nil {
			return fmt.Errorf("twophase: begin: %w", err)
		}
	}
	return s.open.Write(ctx, record)
}

// Snapshot prepares the open transaction for the checkpoint. Those that still wait for
// an earlier one are in this one too, for the earlier one may never be complete.
func (s *Sink[In, H]) Snapshot(ctx context.Context, checkpointID int64) error {
	if s.open != nil {
		handle, err := s.open.Prepare(ctx)
		if err != nil {
			return fmt.Errorf("twophase: prepare for checkpoint %d: %w", checkpointID, err)
		}
		s.waiting = append(s.waiting, prepared[H]{checkpointID, handle})
		s.open = nil
	}
	s.after = checkpointID
	s.state.Set(s.waiting...)
	return nil
}

// CheckpointComplete commits what was prepared for the checkpoint, or for one before.
func (s *Sink[In, H]) CheckpointComplete(ctx context.Context, checkpointID int64) error {
	if err := s.commit(ctx, func(p prepared[H]) bool { return p.Checkpoint <= checkpointID }); err != nil {
		return fmt.Errorf("twophase: commit checkpoint %d: %w", checkpointID, err)
	}
	return nil
}

// commit commits what is due. What fails is kept, and in the next snapshot again.
func (s *Sink[In, H]) commit(ctx context.Context, due func(prepared[H]) bool) error {
	var errs []error
	var rest []prepared[H]
	for _, p := range s.waiting {
		if !due(p) {
			rest = append(rest, p)
			continue
		}
		if err := s.transactions.Commit(ctx, p.Handle); err != nil {
			errs = append(errs, err)
			rest = append(rest, p)
		}
	}
	s.waiting = rest
	s.state.Set(rest...)
	return errors.Join(errs...)
}

// Close aborts the open transaction. Those that are prepared stay, for whoever goes on.
func (s *Sink[In, H]) Close() error {
	if s.open == nil {
		return nil
	}
	return s.open.Close()
}
