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
// store holds in memory is the backend's to say.
//
// The file is created without IfAbsent: nobody else can know its name, and the
// condition costs some stores a request.
type CheckpointStateOutputStream struct {
	ctx       context.Context
	backend   backend.Backend
	writing   writing
	named     Path // the file before entropy is injected; what an inline handle is called
	relative  bool
	buffer    []byte
	flushed   int64
	file      Path           // of writer
	writer    backend.Writer // nil until the state has outgrown the buffer
	failed    error          // what broke the stream
	concluded bool
}

func newStateStream(ctx context.Context, b backend.Backend, dir Path, w writing, relative bool) *CheckpointStateOutputStream {
	named := dir.Child(randomUUID())
	return &CheckpointStateOutputStream{ctx: ctx, backend: b, writing: w, named: named, relative: relative}
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
		s.file = s.writing.entropy.inject(s.named)
		s.writer, err = s.backend.Create(s.ctx, s.file.Key(), nil)
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
		return &checkpoint.ByteStreamStateHandle{HandleName: s.named.String(), Data: slices.Clone(s.buffer)}, nil
	}
	if err := s.flush(); err != nil {
		return nil, err
	}
	if err := s.writer.Commit(); err != nil {
		s.forget()
		return nil, fmt.Errorf("storage: complete state %s: %w", s, err)
	}
	return s.handle(), nil
}

func (s *CheckpointStateOutputStream) handle() checkpoint.StreamStateHandle {
	if s.relative {
		return &checkpoint.RelativeFileStateHandle{RelativePath: s.file.Name(), Size: s.flushed}
	}
	return &checkpoint.FileStateHandle{Path: s.file.String(), Size: s.flushed}
}

// forget deletes the file of a Commit that failed, which may have been made all the
// same. If the context has ended nothing may change any more, and the file is left
// to whoever disposes of the directory.
func (s *CheckpointStateOutputStream) forget() {
	_ = s.writer.Close()
	if s.ctx.Err() == nil {
		_ = s.backend.Delete(s.ctx, s.file.Key())
	}
}

// Discard deletes the file of a state that was completed, if it has one: for who cannot
// report the handle after all. It may be called more than once; a state that was not
// completed has nothing to discard.
func (s *CheckpointStateOutputStream) Discard(ctx context.Context) error {
	if !s.concluded || s.writer == nil {
		return nil
	}
	if err := s.backend.Delete(ctx, s.file.Key()); err != nil {
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

// String tells the file that the state goes to, or would.
func (s *CheckpointStateOutputStream) String() string {
	if s.writer != nil {
		return redact(s.file.String())
	}
	return redact(s.named.String())
}
