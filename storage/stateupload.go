package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// UploadState makes a piece of state of the first size bytes of r: a file, as an
// embedded database has them, or memory. It returns what a stream would that these
// bytes are written to: nil if there are none, a handle that holds them up to the inline
// threshold, else one on a file with a random name. The file is sent from where it lies,
// without the buffers of a stream, and in several parts at once if the store takes them
// ([backend.Upload]).
//
// r is read from several goroutines, parts of it more than once, and must hold the same
// until UploadState returns. If r ends early the error matches [io.ErrUnexpectedEOF].
// After any error there is no state: a file that may be there nonetheless is deleted as
// far as the store lets us, and nobody knows its name. State that was uploaded and
// cannot be reported goes by DiscardStates.
func (f *CheckpointStreamFactory) UploadState(ctx context.Context, scope CheckpointedStateScope, r io.ReaderAt, size int64) (checkpoint.StreamStateHandle, error) {
	file := f.stateFile(scope)
	handle, err := file.upload(ctx, r, size)
	if err != nil {
		return nil, fmt.Errorf("storage: upload state %s: %w", &file, err)
	}
	return handle, nil
}

func (f *stateFile) upload(ctx context.Context, r io.ReaderAt, size int64) (checkpoint.StreamStateHandle, error) {
	switch {
	case size < 0:
		return nil, fmt.Errorf("%w: it has %d bytes", fs.ErrInvalid, size)
	case size == 0:
		return nil, nil
	case size <= int64(f.writing.threshold):
		return f.uploadInline(r, size)
	}
	if err := backend.Upload(ctx, f.backend, f.place(), nil, r, size); err != nil {
		f.forget(ctx)
		return nil, err
	}
	return f.handle(size), nil
}

func (f *stateFile) uploadInline(r io.ReaderAt, size int64) (checkpoint.StreamStateHandle, error) {
	data := make([]byte, size)
	n, err := io.ReadFull(io.NewSectionReader(r, 0, size), data)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("it ends after %d bytes of %d: %w", n, size, io.ErrUnexpectedEOF)
	}
	if err != nil {
		return nil, err
	}
	return f.inline(data), nil
}
