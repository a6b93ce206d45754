package storage

import (
	"context"
	"errors"
	"io"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// CheckpointStorage turns the pointers that users hold into places that
// checkpoints can be read from. [New] makes one over backends; whoever keeps
// checkpoints in something that is no tree of files implements it.
//
// It is safe for use by many goroutines at once.
type CheckpointStorage interface {
	// ResolveCheckpoint finds the checkpoint or savepoint that the pointer names.
	// The errors are [ErrInvalidPointer], [ErrUnsupportedScheme] and
	// [ErrNotFound], and whatever else the store says. The caller closes the
	// location.
	ResolveCheckpoint(ctx context.Context, pointer string) (CompletedCheckpointStorageLocation, error)
}

// CompletedCheckpointStorageLocation is where a completed checkpoint is. It is
// safe for use by many goroutines at once.
type CompletedCheckpointStorageLocation interface {
	// ExternalPointer is the pointer that finds this checkpoint again: its
	// directory, qualified with its scheme, whatever form the user gave.
	ExternalPointer() string

	// MetadataPath is the path of the metadata file itself.
	MetadataPath() string

	// ReadMetadata returns the whole metadata file. The caller owns the bytes.
	ReadMetadata(ctx context.Context) ([]byte, error)

	// OpenState opens the bytes behind a handle of this checkpoint's metadata,
	// wherever they are. A path outside the places that the user allowed is
	// [ErrOutsideAllowed]. The caller closes the reader.
	OpenState(ctx context.Context, handle checkpoint.StreamStateHandle) (io.ReadCloser, error)

	// Close releases what resolving left open. It does not touch the checkpoint.
	Close() error
}

// The ways in which a pointer or a path fails, for errors.Is.
var (
	// ErrInvalidPointer says that the pointer cannot be read as a path.
	ErrInvalidPointer = errors.New("not a valid checkpoint pointer")

	// ErrUnsupportedScheme says that no backend is registered for the scheme.
	ErrUnsupportedScheme = backend.ErrUnknownScheme
	// ErrNotFound says that there is no checkpoint at the pointer. It comes
	// together with fs.ErrNotExist.
	ErrNotFound = errors.New("no checkpoint there")
	// ErrOutsideAllowed says that metadata points outside the allowed places.
	ErrOutsideAllowed = errors.New("path outside the allowed places")
)
