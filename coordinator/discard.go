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
// a failure; doing it again is safe.
func (d discarder) discard(ctx context.Context, garbage Garbage) error {
	var errs []error
	for _, cp := range garbage.Checkpoints {
		errs = append(errs, d.checkpoint(ctx, cp))
	}
	var files, directories []string
	for _, deletion := range garbage.SharedState {
		if deletion.Directory {
			directories = append(directories, deletion.Path)
		} else {
			files = append(files, deletion.Path)
		}
	}
	if len(files)+len(directories) > 0 {
		errs = append(errs, d.access.DiscardPaths(ctx, files, directories, garbage.Claimed))
	}
	return errors.Join(errs...)
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
