package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// DisposeUnfinished deletes what is left of a checkpoint that was given up, or whose
// disposal was interrupted after its name was gone: everything below the directory,
// which must be named chk-N or savepoint-…. If a checkpoint is complete in it the
// error is [ErrCheckpointExists], and nothing is deleted. Nothing there is no error.
//
// Nobody may be writing there: that is for the caller to know.
func (s *BackendStorage) DisposeUnfinished(ctx context.Context, directory string) error {
	err := s.disposeUnfinished(ctx, directory)
	if err != nil {
		return fmt.Errorf("storage: dispose of what is unfinished in %q: %w", redact(directory), err)
	}
	return nil
}

func (s *BackendStorage) disposeUnfinished(ctx context.Context, directory string) error {
	dir, err := s.parse(directory)
	if err != nil {
		return err
	}
	if !ownsAll(dir) {
		return fmt.Errorf("%w: the directory is not named as one of a checkpoint, and may hold anything", ErrOutsideAllowed)
	}
	b, err := s.backendOf(ctx, dir)
	if err != nil {
		return err
	}
	return disposeUnfinished(ctx, b, dir)
}

func disposeUnfinished(ctx context.Context, b backend.Backend, dir Path) error {
	switch _, err := b.Stat(ctx, dir.Child(MetadataFileName).Key()); {
	case err == nil:
		return fmt.Errorf("%w; %s", ErrCheckpointExists, adviceExists)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	r := newRemoval(ctx, b)
	r.addAll(spare(b.List(ctx, dir.Key()), dir.Key()))
	return r.wait()
}
