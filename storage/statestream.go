package storage

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// CheckpointStateOutputStream writes one piece of state; it is for one goroutine.
// It has two endings: CloseAndGetHandle makes the state be, Close without that makes
// it never have been. Write
//
//	defer stream.Close()
//
// on the line after the stream was made, always.
//
// State up to the inline threshold never leaves memory. Larger state goes to a file
// with a random name, by way of a buffer of the configured size; how much more a
// store holds in memory is the backend's to say. State that lies in a file already
// needs no stream: [CheckpointStreamFactory.UploadState].
type CheckpointStateOutputStream struct {
	stateFile
	ctx       context.Context
	buffer    []byte
	flushed   int64
	writer    backend.Writer // nil until the state has outgrown the buffer
	failed    error          // what broke the stream
	concluded bool
}

// Pos returns how many bytes were written.
func (s *CheckpointStateOutputStream) Pos() int64 { return s.flushed + int64(len(s.buffer)) }

// Write appends to the state.
func (s *CheckpointStateOutputStream) Write(p []byte) (int, error) {
	if err := s.usable(); err != nil {
		return 0, err
	}
	if len(s.buffer)+len(p) <= s.writing.buffer {
		s.buffer = append(s.buffer, p...)
		return len(p), nil
	}
	if err := s.flush(); err != nil {
		return 0, err
	}
	if len(p) < s.writing.buffer {
		s.buffer = append(s.buffer, p...)
		return len(p), nil
	}
	if err := s.send(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (s *CheckpointStateOutputStream) usable() error {
	if s.concluded {
		return fmt.Errorf("storage: the stream of state %s is closed: %w", s, fs.ErrClosed)
	}
	return s.failed
}

// flush empties the buffer into the file.
func (s *CheckpointStateOutputStream) flush() error {
	if len(s.buffer) == 0 {
		return nil
	}
	err := s.send(s.buffer)
	s.buffer = s.buffer[:0]
	return err
}

// send writes to the file, which it creates the first time.
func (s *CheckpointStateOutputStream) send(p []byte) (err error) {
	if s.writer == nil {
		s.writer, err = s.backend.Create(s.ctx, s.place(), nil)
	}
	if err == nil {
		_, err = s.writer.Write(p)
	}
	if err != nil {
		s.failed = fmt.Errorf("storage: write state %s: %w", s, err)
		return s.failed
	}
	s.flushed += int64(len(p))
	return nil
}

// CloseAndGetHandle completes the state and returns the handle on it: nil if nothing
// was written, else one that the metadata of this checkpoint may hold. After an
// error there is no state: a file that may be there nonetheless is deleted as far as
// the store lets us, and nobody knows its name.
func (s *CheckpointStateOutputStream) CloseAndGetHandle() (checkpoint.StreamStateHandle, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	defer s.Close()
	if s.writer == nil && len(s.buffer) == 0 {
		return nil, nil
	}
	if s.writer == nil && len(s.buffer) <= s.writing.threshold {
		return s.inline(slices.Clone(s.buffer)), nil
	}
	if err := s.flush(); err != nil {
		return nil, err
	}
	if err := s.writer.Commit(); err != nil {
		_ = s.writer.Close()
		s.forget(s.ctx)
		return nil, fmt.Errorf("storage: complete state %s: %w", s, err)
	}
	return s.handle(s.flushed), nil
}

// Discard deletes the file of a state that was completed, if it has one: for who cannot
// report the handle after all. It may be called more than once; a state that was not
// completed has nothing to discard.
func (s *CheckpointStateOutputStream) Discard(ctx context.Context) error {
	if !s.concluded || s.writer == nil {
		return nil
	}
	if err := s.delete(ctx); err != nil {
		return fmt.Errorf("storage: discard state %s: %w", s, err)
	}
	return nil
}

// Close abandons the state if it was not completed; else it does nothing. It may be
// called more than once.
func (s *CheckpointStateOutputStream) Close() error {
	if s.concluded {
		return nil
	}
	s.concluded = true
	s.buffer = nil
	if s.writer == nil {
		return nil
	}
	if err := s.writer.Close(); err != nil {
		return fmt.Errorf("storage: abandon state %s: %w", s, err)
	}
	return nil
}
