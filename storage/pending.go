package storage

import (
	"context"
	"fmt"
	"sync"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// CheckpointStorageLocation is where a checkpoint is being written (Flink:
// FsCheckpointStorageLocation). It becomes a completed one by
// [CheckpointMetadataOutputStream.CloseAndFinalizeCheckpoint], or goes by
// DisposeOnFailure. It holds nothing open. It is safe for use by many goroutines at
// once.
type CheckpointStorageLocation struct {
	*CheckpointStreamFactory
	reference CheckpointStorageLocationReference

	mu          sync.Mutex
	publication publication // guarded by mu
}

func (a *CheckpointStorageAccess) location(b backend.Backend, d directories, reference CheckpointStorageLocationReference) *CheckpointStorageLocation {
	return &CheckpointStorageLocation{
		CheckpointStreamFactory: &CheckpointStreamFactory{
			storage:     a.storage,
			backend:     b,
			directories: d,
			metadata:    a.writing.entropy.remove(d.exclusive).Child(MetadataFileName),
			writing:     a.writing,
		},
		reference: reference,
	}
}

// LocationReference is what workers find this location by.
func (l *CheckpointStorageLocation) LocationReference() CheckpointStorageLocationReference {
	return l.reference
}

// ExclusiveDirectory is the directory of the checkpoint's own files, for
// metadata.EncodeOptions. If it holds the entropy key, no file lies in it.
func (l *CheckpointStorageLocation) ExclusiveDirectory() string { return l.exclusive.String() }

// MetadataPath is the path that the metadata file will have.
func (l *CheckpointStorageLocation) MetadataPath() string { return l.metadata.String() }

// String tells the location in errors and logs.
func (l *CheckpointStorageLocation) String() string { return redact(l.metadata.String()) }

// DisposeOnFailure gives the checkpoint up: it deletes everything below its
// directory. A file with injected entropy is elsewhere; only its handle tells where,
// and DiscardStates deletes it.
//
// It never touches a directory in which a checkpoint was completed, by us or by
// somebody else: that is [ErrCheckpointExists]. Nor does it while nobody knows
// whether one was: that is [ErrPublicationUnknown]. A worker that still writes may
// leave a file behind; so stop the workers first, or call it again: that is safe,
// at any time, and finishes what a crash interrupted.
func (l *CheckpointStorageLocation) DisposeOnFailure(ctx context.Context) error {
	if err := l.mayGo(); err != nil {
		return fmt.Errorf("storage: dispose of %s: %w", l, err)
	}
	if err := disposeUnfinished(ctx, l.backend, l.dir()); err != nil {
		return fmt.Errorf("storage: dispose of %s: %w", l, err)
	}
	return nil
}

// DiscardStates deletes the files of handles that workers reported for this
// checkpoint, wherever the job keeps them, as [DiscardStates] does. While nobody
// knows whether the checkpoint was completed it is [ErrPublicationUnknown].
func (l *CheckpointStorageLocation) DiscardStates(ctx context.Context, handles []checkpoint.StreamStateHandle) error {
	if err := l.mayGo(); err != nil {
		return fmt.Errorf("storage: discard states of %s: %w", l, err)
	}
	return l.CheckpointStreamFactory.DiscardStates(ctx, handles)
}
