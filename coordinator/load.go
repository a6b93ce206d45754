package coordinator

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
)

// loaded is a savepoint that fits the job, and what of it was dropped for that.
type loaded struct {
	*completed.Checkpoint
	dropped []restore.NotRestored
}

// loadAndValidate reads the metadata, checks it against the job, and makes of it a
// checkpoint of this job (Flink: Checkpoints.loadAndValidateCheckpoint).
func (c *Coordinator) loadAndValidate(ctx context.Context, location storage.CompletedCheckpointStorageLocation, settings SavepointRestoreSettings) (loaded, error) {
	properties, err := restoredProperties(settings.ClaimMode, c.own)
	if err != nil {
		return loaded{}, err
	}
	data, err := location.ReadMetadata(ctx)
	if err != nil {
		return loaded{}, err
	}
	file, err := metadata.Decode(data, c.opts.Metadata)
	if err != nil {
		return loaded{}, fmt.Errorf("%s: %w", location.MetadataPath(), err)
	}
	if id := file.CheckpointID; id < 0 || id == math.MaxInt64 {
		return loaded{}, fmt.Errorf("%s: %w: checkpoint id %d", location.MetadataPath(), metadata.ErrCorrupt, id)
	}
	c.opts.Logger.InfoContext(ctx, "savepoint loaded", "checkpoint", file.CheckpointID,
		"pointer", location.ExternalPointer(), "version", file.Version, "operators", len(file.Operators), "metadataBytes", len(data))
	validated, err := restore.Validate(&file.Metadata, c.job, settings.AllowNonRestoredState)
	if err != nil {
		return loaded{}, fmt.Errorf("%s: %w", location.MetadataPath(), err)
	}
	cp := &completed.Checkpoint{
		ID:           file.CheckpointID,
		Operators:    validated.Metadata.Operators,
		MasterStates: validated.Metadata.MasterStates,
		Properties:   properties,
		CreatedAs:    file.Properties,
		Owned:        settings.ClaimMode == Claim,
		Location:     location,
	}
	return loaded{cp, validated.Dropped}, c.fits(cp, settings.AllowNonRestoredState)
}

// fits tells in advance what the assignment would refuse. A savepoint that cannot be
// restored must not get into the store: it would be the job's latest checkpoint, and the
// next start would take that, and not what its settings name.
func (c *Coordinator) fits(cp *completed.Checkpoint, allowNonRestored bool) error {
	if err := restore.CheckFinished(c.job, cp.Operators); err != nil {
		return err
	}
	_, err := restore.Assign(cp.ID, c.job, c.operatorsOf(cp), &restore.Options{
		AllowNonRestored: allowNonRestored, RecoverOutputDownstream: c.opts.RecoverOutputDownstream,
	})
	return err
}

// closeAfter closes what is not needed after an error.
func closeAfter(err error, location storage.CompletedCheckpointStorageLocation) error {
	return errors.Join(err, location.Close())
}
