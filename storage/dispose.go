package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// StorageLocationDisposer is a location whose checkpoint can be deleted. The
// locations of [BackendStorage] can, those that it resolved and those that it
// completed.
type StorageLocationDisposer interface {
	// DisposeStorageLocation deletes the checkpoint: its name first, so that nobody
	// finds a checkpoint with parts missing, then what lies below its directory,
	// then the files of the handles, which go with it: those in other directories
	// that no other checkpoint uses. If the name cannot be deleted all else stays.
	// What is not there any more is deleted. After an error or a crash it may be
	// called again; once the pointer finds nothing, DisposeUnfinished finishes.
	DisposeStorageLocation(ctx context.Context, states []checkpoint.StreamStateHandle) error

	// DiscardStates deletes the files of handles, as [DiscardStates] says.
	DiscardStates(ctx context.Context, handles []checkpoint.StreamStateHandle) error
}

// DisposeStorageLocation deletes a completed checkpoint, as
// [StorageLocationDisposer] says; at a location that is none it is
// [errors.ErrUnsupported].
func DisposeStorageLocation(ctx context.Context, at CompletedCheckpointStorageLocation, states []checkpoint.StreamStateHandle) error {
	disposer, ok := at.(StorageLocationDisposer)
	if !ok {
		return fmt.Errorf("storage: dispose of %s: %w", at.ExternalPointer(), errors.ErrUnsupported)
	}
	return disposer.DisposeStorageLocation(ctx, states)
}

// DisposeStorageLocation deletes the checkpoint. Everything below a directory goes
// that is named chk-N or savepoint-… and holds the metadata as _metadata. Another
// directory may hold what is not the checkpoint's: there only the metadata file and
// the files of the handles go.
func (l *location) DisposeStorageLocation(ctx context.Context, states []checkpoint.StreamStateHandle) error {
	if err := l.dispose(ctx, states); err != nil {
		return fmt.Errorf("storage: dispose of %s: %w", l, err)
	}
	return nil
}

func (l *location) dispose(ctx context.Context, states []checkpoint.StreamStateHandle) error {
	whole := l.file.Name() == MetadataFileName && ownsAll(l.dir)
	if whole { // the listing has what is below, and nobody needs to look at it twice
		states = slices.DeleteFunc(slices.Clone(states), l.isBelow)
	}
	keys, err := l.discardable(ctx, states)
	if err != nil {
		return err
	}
	if err := l.backend.Delete(ctx, l.file.Key()); err != nil {
		return fmt.Errorf("its name could not be deleted, all else was left as it is: %w", err)
	}
	r := newRemoval(ctx, l.backend)
	if whole {
		r.addAll(spare(l.backend.List(ctx, l.dir.Key()), l.dir.Key()))
	}
	for _, key := range keys {
		r.add(key)
	}
	return r.wait()
}

// isBelow reports whether the file of the handle lies below the checkpoint's directory.
func (l *location) isBelow(handle checkpoint.StreamStateHandle) bool {
	file, ok, err := l.fileOf(handle)
	return err == nil && ok && l.storage.stores.id(file) == l.storage.stores.id(l.dir) && backend.HasPrefix(file.Key(), l.dir.Key())
}

// ownsAll reports whether the directory has a name that is given to directories of
// one checkpoint alone.
func ownsAll(dir Path) bool {
	_, isCheckpoint := CheckpointNumber(dir.Name())
	return isCheckpoint || strings.HasPrefix(dir.Name(), savepointName)
}
