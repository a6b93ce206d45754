package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

// location is a completed checkpoint in a backend (Flink:
// FsCompletedCheckpointStorageLocation).
type location struct {
	storage *BackendStorage
	backend backend.Backend // of dir
	file    Path
	dir     Path
	own     []place

	mu     sync.Mutex
	kept   *stream // guarded by mu; what resolving opened, until somebody reads it
	closed bool    // guarded by mu
}

func newLocation(s *BackendStorage, b backend.Backend, f found) *location {
	return &location{storage: s, backend: b, file: f.file, dir: f.dir, own: s.ownPlaces(f.dir), kept: f.stream}
}

// ExternalPointer is the qualified directory, as Flink has it.
func (l *location) ExternalPointer() string { return l.dir.String() }

// MetadataPath is the qualified path of the metadata file.
func (l *location) MetadataPath() string { return l.file.String() }

// String tells the location in errors and logs.
func (l *location) String() string { return redact(l.file.String()) }

// ReadMetadata reads what resolving opened, or opens it anew if that was read.
func (l *location) ReadMetadata(ctx context.Context) ([]byte, error) {
	data, err := l.readMetadata(ctx)
	if err != nil {
		return nil, fmt.Errorf("storage: read metadata %s: %w", l, err)
	}
	return data, nil
}

func (l *location) readMetadata(ctx context.Context) ([]byte, error) {
	kept, err := l.take()
	if err != nil {
		return nil, err
	}
	if kept != nil {
		data, err := l.consume(ctx, kept)
		if err == nil || ctx.Err() != nil || errors.Is(err, ErrMetadataTooLarge) {
			return data, err
		}
		// The stream may have waited so long that the store hung up. Ask once more.
	}
	stream, err := openStream(ctx, l.backend, l.file.Key())
	if err != nil {
		return nil, err
	}
	return l.consume(ctx, stream)
}

func (l *location) consume(ctx context.Context, s *stream) ([]byte, error) {
	defer s.close() //nolint:errcheck // what was read is whole, however the stream closes
	return s.read(ctx, l.storage.maxMetadata)
}

// take takes the kept stream, which may be nil.
func (l *location) take() (*stream, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errLocationClosed
	}
	kept := l.kept
	l.kept = nil
	return kept, nil
}

var errLocationClosed = fmt.Errorf("the location is closed: %w", fs.ErrClosed)

// Close releases what resolving opened. It may be called more than once.
func (l *location) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.kept == nil {
		return nil
	}
	kept := l.kept
	l.kept = nil
	if err := kept.close(); err != nil {
		return fmt.Errorf("storage: close %s: %w", l, err)
	}
	return nil
}
