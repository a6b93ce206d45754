package coordinator_test

import (
	"context"
	"errors"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/storage"
)

// discardAll deletes garbage.
func discardAll(ctx context.Context, g coordinator.Garbage) error {
	var errs []error
	var shared []checkpoint.StreamStateHandle
	for _, d := range g.SharedState {
		shared = append(shared, &checkpoint.FileStateHandle{Path: d.Path})
	}
	for _, cp := range g.Checkpoints {
		errs = append(errs, storage.DisposeStorageLocation(ctx, cp.Location, shared))
		shared = nil
	}
	return errors.Join(errs...)
}
