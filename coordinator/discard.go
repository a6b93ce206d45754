package coordinator

import (
	"context"
	"errors"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// discarder carries garbage out through the storage that the job writes to.
type discarder struct {
	access *storage.CheckpointStorageAccess
}

// discard deletes checkpoints, name first, and then what they shared. It goes on after
// a failure; doing it again is safe. What may not be deleted will not be another time:
// it stays, and is no reason to keep the rest.
func (d discarder) discard(ctx context.Context, garbage Garbage) error {
	left := Garbage{Claimed: garbage.Claimed}
	var errs []error
	for _, cp := range garbage.Checkpoints {
		if err := d.checkpoint(ctx, cp); err != nil {
			left.Checkpoints, errs = append(left.Checkpoints, cp), append(errs, err)
		}
	}
	if err := d.shared(ctx, garbage); err != nil {
		errs = append(errs, err)
		if !errors.Is(err, storage.ErrOutsideAllowed) {
			left.SharedState = garbage.SharedState
		}
	}
	if err := errors.Join(errs...); err != nil {
		return &LeftError{Left: left, Err: err}
	}
	return nil
}

func (d discarder) shared(ctx context.Context, garbage Garbage) error {
	var files, directories []string
	for _, deletion := range garbage.SharedState {
		if deletion.Directory {
			directories = append(directories, deletion.Path)
		} else {
			files = append(files, deletion.Path)
		}
	}
	if len(files)+len(directories) == 0 {
		return nil
	}
	return d.access.DiscardPaths(ctx, files, directories, garbage.Claimed)
}

// checkpoint deletes one checkpoint. Files that lie elsewhere than in its directory,
// as those with entropy do, are known by their handles alone.
func (d discarder) checkpoint(ctx context.Context, cp *completed.Checkpoint) error {
	var elsewhere []checkpoint.StreamStateHandle
	for _, handle := range privateHandles(statesOf(cp)) {
		if _, absolute := handle.(*checkpoint.FileStateHandle); absolute {
			elsewhere = append(elsewhere, handle)
		}
	}
	err := storage.DisposeStorageLocation(ctx, cp.Location, elsewhere)
	if errors.Is(err, storage.ErrOutsideAllowed) { // a claimed checkpoint that was moved: its files are not where it says
		err = storage.DisposeStorageLocation(ctx, cp.Location, nil)
	}
	return errors.Join(err, cp.Location.Close())
}

func statesOf(cp *completed.Checkpoint) []*checkpoint.OperatorSubtaskState {
	var states []*checkpoint.OperatorSubtaskState
	for i := range cp.Operators {
		for _, subtask := range cp.Operators[i].Subtasks {
			if subtask.State != nil {
				states = append(states, subtask.State)
			}
		}
	}
	return states
}
