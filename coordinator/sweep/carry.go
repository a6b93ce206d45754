package sweep

import (
	"context"
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/storage"
)

// Carry does what the plan says, and calls ended with each id that there is nothing to
// do about any more; the journal's Ended is meant. It goes on after a failure; what is
// left is found by the next sweep.
func (p *Plan) Carry(ctx context.Context, access *storage.CheckpointStorageAccess, ended func(id int64)) error {
	var errs []error
	for _, id := range p.Ended {
		ended(id)
	}
	for _, d := range p.Dispose {
		if err := d.carry(ctx, access.Storage()); err != nil {
			errs = append(errs, err)
			continue
		}
		ended(d.ID)
	}
	if len(p.Shared) > 0 {
		errs = append(errs, access.DiscardSharedFiles(ctx, p.Shared))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("coordinator/sweep: job %s: %w", access.JobID(), err)
	}
	return nil
}

// carry disposes of a directory. Of one that was not complete and is now nothing is
// deleted: the next sweep sees it.
func (d Disposal) carry(ctx context.Context, s *storage.BackendStorage) error {
	if !d.Complete {
		return s.DisposeUnfinished(ctx, d.Directory)
	}
	at, err := s.ResolveCheckpoint(ctx, d.Directory+"/"+storage.MetadataFileName)
	if errors.Is(err, storage.ErrNotFound) { // a sweep before got as far as the name
		return s.DisposeUnfinished(ctx, d.Directory)
	}
	if err != nil {
		return err
	}
	return errors.Join(storage.DisposeStorageLocation(ctx, at, nil), at.Close())
}
