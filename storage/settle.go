package storage

import (
	"context"
	"fmt"
	"io/fs"
)

// SettlePublication finds out what became of a publication that ended with
// [ErrPublicationUnknown]. Call it when no request of then can be under way any
// more: at the next checkpoint, say. It returns the completed checkpoint;
// [ErrCheckpointExists] if somebody else's is there; or an error that matches
// [fs.ErrNotExist] if none is, and then the location may be disposed of. As long as
// the store does not answer it is [ErrPublicationUnknown] again.
func (l *CheckpointStorageLocation) SettlePublication(ctx context.Context) (CompletedCheckpointStorageLocation, error) {
	completed, err := l.settle(ctx)
	if err != nil {
		return nil, fmt.Errorf("storage: settle the publication of %s: %w", l, err)
	}
	return completed, nil
}

func (l *CheckpointStorageLocation) settle(ctx context.Context) (CompletedCheckpointStorageLocation, error) {
	known := l.known()
	switch known.state {
	case published:
		return l.completed(), nil
	case unpublished:
		return nil, fmt.Errorf("it was not published: %w", fs.ErrNotExist)
	}
	found, err := l.look(ctx, known.content)
	switch found {
	case foundOurs:
		l.know(publication{state: published})
		return l.completed(), nil
	case foundAnother:
		l.know(publication{})
		return nil, fmt.Errorf("%w; %s", ErrCheckpointExists, adviceExists)
	case foundNothing:
		l.know(publication{})
		return nil, fmt.Errorf("it was not published: %w", fs.ErrNotExist)
	}
	return nil, fmt.Errorf("%w; %s: %w", ErrPublicationUnknown, adviceUnknown, err)
}
