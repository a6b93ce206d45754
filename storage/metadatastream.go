package storage

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// ErrNotMetadata says that what was to be published as metadata is something else, or
// nothing: the error of whoever was to write it went unseen.
var ErrNotMetadata = errors.New("what was written is not the metadata of a checkpoint")

// metadataMagic begins the metadata of every version that anybody reads.
const metadataMagic = "\x49\x60\x67\x2d"

// CheckpointMetadataOutputStream writes the metadata file of a checkpoint, and
// thereby completes it; it is for one goroutine. It has two endings:
// CloseAndFinalizeCheckpoint publishes the file, Close without that makes it never
// have been. Write
//
//	defer stream.Close()
//
// on the line after the stream was made, always.
type CheckpointMetadataOutputStream struct {
	ctx       context.Context
	location  *CheckpointStorageLocation
	writer    backend.Writer
	digest    hash.Hash
	size      int64
	beginning []byte // up to the length of what metadata begins with
	failed    error
	concluded bool
}

// CreateMetadataOutputStream begins to write the metadata. The context holds until
// the stream is closed.
func (l *CheckpointStorageLocation) CreateMetadataOutputStream(ctx context.Context) (*CheckpointMetadataOutputStream, error) {
	w, err := l.backend.Create(ctx, l.metadata.Key(), &backend.CreateOptions{IfAbsent: true})
	if err != nil {
		return nil, fmt.Errorf("storage: create metadata %s: %w", l, err)
	}
	return &CheckpointMetadataOutputStream{ctx: ctx, location: l, writer: w, digest: sha256.New()}, nil
}

// Write appends to the metadata.
func (s *CheckpointMetadataOutputStream) Write(p []byte) (int, error) {
	if err := s.usable(); err != nil {
		return 0, err
	}
	n, err := s.writer.Write(p)
	if err != nil {
		s.failed = fmt.Errorf("storage: write metadata %s: %w", s.location, err)
		return n, s.failed
	}
	s.beginning = append(s.beginning, p[:min(len(p), len(metadataMagic)-len(s.beginning))]...)
	s.digest.Write(p)
	s.size += int64(n)
	return n, nil
}

// Pos returns how many bytes were written.
func (s *CheckpointMetadataOutputStream) Pos() int64 { return s.size }

func (s *CheckpointMetadataOutputStream) usable() error {
	if s.concluded {
		return fmt.Errorf("storage: the metadata stream of %s is closed: %w", s.location, fs.ErrClosed)
	}
	return s.failed
}

// CloseAndFinalizeCheckpoint publishes the metadata, in one step and only if no
// other is there. From the moment at which it returns no error the checkpoint is
// complete, for everyone. The caller closes the location.
//
// What does not begin as metadata is refused with [ErrNotMetadata], before the store
// is asked: nobody could restore it, and its place would be taken for ever.
//
// After [ErrCheckpointExists] somebody else has completed a checkpoint there. After
// [ErrPublicationUnknown] nobody knows yet whether this one is complete, and nothing
// of it may be discarded; [CheckpointStorageLocation.SettlePublication] finds out.
// After any other error it is not complete, and will not be.
func (s *CheckpointMetadataOutputStream) CloseAndFinalizeCheckpoint() (CompletedCheckpointStorageLocation, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	if string(s.beginning) != metadataMagic {
		_ = s.Close()
		return nil, fmt.Errorf("storage: publish %s: %w: %d bytes, which begin with %q; write it with metadata.Write, and look at its error",
			s.location, ErrNotMetadata, s.size, s.beginning)
	}
	err := s.writer.Commit()
	_ = s.Close()
	published := content{size: s.size, digest: [sha256.Size]byte(s.digest.Sum(nil))}
	if err := s.location.conclude(s.ctx, published, err); err != nil {
		return nil, fmt.Errorf("storage: publish %s: %w", s.location, err)
	}
	return s.location.completed(), nil
}

// Close abandons the metadata if it was not published; else it does nothing. It may
// be called more than once.
func (s *CheckpointMetadataOutputStream) Close() error {
	if s.concluded {
		return nil
	}
	s.concluded = true
	if err := s.writer.Close(); err != nil {
		return fmt.Errorf("storage: abandon metadata %s: %w", s.location, err)
	}
	return nil
}
