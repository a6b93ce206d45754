package coordinator

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
)

// Restored is what a restore came to. It is safe for concurrent use, and must not
// be changed.
type Restored struct {
	CheckpointID int64
	// NextCheckpointID is the id that the job's next checkpoint will have.
	NextCheckpointID int64

	// ClaimMode says whose the checkpoint is. The job's own are [Claim].
	ClaimMode ClaimMode

	// Properties are those of the checkpoint in this job; CreatedAs those that it
	// was made with, nil if unknown.
	Properties checkpoint.Properties
	CreatedAs  *checkpoint.Properties

	// Assignment says what each subtask starts from.
	Assignment *restore.Assignment

	// NotRestored is all that the checkpoint has and nobody gets: what the
	// assignment left, and before that what the job has no operator for.
	NotRestored []restore.NotRestored

	// Garbage is what the store gave up for the restored checkpoint. It was handed
	// to Options.Discard, if there is one.
	Garbage Garbage

	location storage.CompletedCheckpointStorageLocation
}

func newRestored(cp *completed.Checkpoint, assignment *restore.Assignment, next int64) *Restored {
	return &Restored{
		CheckpointID:     cp.ID,
		NextCheckpointID: next,
		ClaimMode:        claimModeOf(cp),
		Properties:       cp.Properties,
		CreatedAs:        cp.CreatedAs,
		Assignment:       assignment,
		NotRestored:      slices.Clone(assignment.NotRestored),
		location:         cp.Location,
	}
}

func claimModeOf(cp *completed.Checkpoint) ClaimMode {
	switch {
	case cp.Owned:
		return Claim
	case cp.Properties.Unclaimed:
		return NoClaim
	}
	return Legacy
}

// Open opens the bytes of a state handle of the assignment, wherever they are.
// The caller closes the reader. A path outside the places that the user allowed
// is [storage.ErrOutsideAllowed]. It works until the coordinator is shut down.
//
// The bytes are those of an old subtask. What of them is the new one's is in the handle
// that this one is the delegate of: [storage.KeyGroupRanges] and
// [storage.ReadStateRanges] on Location read the key groups of the subtask and no others.
// [storage.DownloadState] makes a file of a handle, as an embedded database needs it.
func (r *Restored) Open(ctx context.Context, handle checkpoint.StreamStateHandle) (io.ReadCloser, error) {
	return r.location.OpenState(ctx, handle)
}

// Location returns where the checkpoint is. It stays the coordinator's, which
// closes it when it is shut down.
func (r *Restored) Location() storage.CompletedCheckpointStorageLocation { return r.location }

// ForceFullSnapshot reports whether the job's next checkpoint must not build on
// this one, because it is the user's (claim mode NO_CLAIM).
func (r *Restored) ForceFullSnapshot() bool { return r.Properties.Unclaimed }

func (c *Coordinator) reportRestored(ctx context.Context, log *slog.Logger, cp *completed.Checkpoint, start time.Time) {
	now := c.opts.Clock.Now()
	report := statistics.RestoredCheckpoint{
		CheckpointID:    cp.ID,
		Properties:      cp.Properties,
		ExternalPointer: cp.ExternalPointer(),
		StateSize:       cp.StateSize(),
		At:              now,
		Duration:        now.Sub(start),
	}
	c.opts.Statistics.ReportRestored(report)
	log.InfoContext(ctx, "checkpoint restored", "stateBytes", report.StateSize, "duration", report.Duration)
}
