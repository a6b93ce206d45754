package coordinator

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/coordinator/work"
)

// Options change what a coordinator works with. Nil is the same as the zero value.
type Options struct {
	// Store keeps the completed checkpoints; nil for one in memory that retains
	// Retain of them, 1 if that is 0. The coordinator shuts it down.
	Store  completed.Store
	Retain int

	// IDCounter numbers checkpoints; nil for one in memory that starts at 1. The
	// coordinator shuts it down.
	IDCounter IDCounter

	// RetentionPolicy says which ends of the job its own checkpoints survive, and
	// those that it claims; if empty that of Checkpointing, else
	// NEVER_RETAIN_AFTER_TERMINATION, as in Flink.
	RetentionPolicy checkpoint.RetentionPolicy

	// PreferCheckpointForRecovery takes the latest checkpoint even if there is a
	// newer savepoint. Flink dropped it in 1.14.
	PreferCheckpointForRecovery bool

	// RecoverOutputDownstream is that of [restore.Options].
	RecoverOutputDownstream bool

	// Metadata says how metadata is decoded; nil for the defaults.
	Metadata *metadata.DecodeOptions

	// Discard deletes what nothing needs any more. It is called without any lock: by
	// the call that gave the garbage up, before it returns, and for checkpoints that
	// newer ones pushed out beside everything else. After an error all of it is given
	// up again later, or what a [LeftError] says is left. Nil deletes through Checkpointing.Storage, or leaves
	// everything in place if there is none.
	Discard func(ctx context.Context, garbage Garbage) error

	// Statistics counts; nil for one that remembers as many checkpoints as Flink's.
	Statistics *statistics.Tracker

	// Logger is told the story of each checkpoint and restore; nil for silence.
	Logger *slog.Logger

	// Checkpointing is for a coordinator that takes checkpoints; nil for one that
	// only restores them.
	Checkpointing *Checkpointing

	// Clock and Executor are for simulations; nil for the system's.
	Clock    work.Clock
	Executor work.Executor
}

// withDefaults returns a copy in which nothing is missing.
func (o *Options) withDefaults() (Options, error) {
	var opts Options
	if o != nil {
		opts = *o
	}
	if ck := opts.Checkpointing; ck != nil {
		opts.RetentionPolicy = cmp.Or(opts.RetentionPolicy, ck.Config.Retention)
		opts.RecoverOutputDownstream = opts.RecoverOutputDownstream || ck.Config.RecoverOutputOnDownstream
	}
	opts.RetentionPolicy = cmp.Or(opts.RetentionPolicy, checkpoint.NeverRetainAfterTermination)
	if err := checkPolicy(opts.RetentionPolicy); err != nil {
		return opts, err
	}
	if opts.Store == nil {
		store, err := completed.NewDeque(cmp.Or(opts.Retain, 1))
		if err != nil {
			return opts, fmt.Errorf("coordinator: %w", err)
		}
		opts.Store = store
	}
	if opts.IDCounter == nil {
		opts.IDCounter = NewStandaloneIDCounter()
	}
	if opts.Statistics == nil {
		opts.Statistics = statistics.NewTracker(statistics.DefaultHistory)
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Clock == nil {
		opts.Clock = work.System{}
	}
	var err error
	opts.Checkpointing, err = opts.Checkpointing.withDefaults()
	if opts.Checkpointing != nil && opts.Discard == nil {
		opts.Discard = discarder{opts.Checkpointing.Storage}.discard
	}
	return opts, err
}

func checkPolicy(policy checkpoint.RetentionPolicy) error {
	switch policy {
	case checkpoint.NeverRetainAfterTermination, checkpoint.RetainOnFailure, checkpoint.RetainOnCancellation:
		return nil
	}
	return fmt.Errorf("coordinator: unknown retention policy %q: want %s, %s or %s", policy,
		checkpoint.NeverRetainAfterTermination, checkpoint.RetainOnFailure, checkpoint.RetainOnCancellation)
}
