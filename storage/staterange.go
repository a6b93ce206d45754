package storage

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/checkpoint"
)

// StateRangeOpener is a location that can open a part of a handle's bytes without
// reading what is before it. The locations of [BackendStorage] can.
type StateRangeOpener interface {
	// OpenStateRange opens length bytes of the handle from offset on; length 0
	// means to the end. Both count from where the handle's bytes begin, as the
	// offsets of key groups and partitions do. Fewer bytes come if the handle ends
	// before. An offset behind its end is [ErrOutsideState], where the metadata tells
	// the end. All else is as with OpenState.
	OpenStateRange(ctx context.Context, handle checkpoint.StreamStateHandle, offset, length int64) (io.ReadCloser, error)
}

// OpenStateRange opens a part of a handle's bytes, as [StateRangeOpener] says. At
// a location that is none it reads the bytes before offset, and drops them.
func OpenStateRange(ctx context.Context, at CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle, offset, length int64) (io.ReadCloser, error) {
	if opener, ok := at.(StateRangeOpener); ok {
		return opener.OpenStateRange(ctx, handle, offset, length)
	}
	state, err := at.OpenState(ctx, handle)
	if err != nil {
		return nil, err
	}
	if n, err := io.CopyN(io.Discard, state, offset); err != nil {
		_ = state.Close()
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("%w: %s has %d bytes", ErrOutsideState, nameOf(handle), n)
		}
		return nil, fmt.Errorf("storage: skip to byte %d of state of %s: %w", offset, at.ExternalPointer(), err)
	}
	if length == 0 {
		return state, nil
	}
	return limited{io.LimitReader(state, length), state}, nil
}

// limited reads a part of what it closes.
type limited struct {
	io.Reader
	io.Closer
}
