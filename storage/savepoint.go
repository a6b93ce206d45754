package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// ErrNoSavepointDirectory says that a savepoint has no target, and the job no
// default directory.
var ErrNoSavepointDirectory = errors.New("no savepoint location given and no default location configured")

const (
	savepointName     = "savepoint-"
	savepointAttempts = 10 // Flink's
)

// InitializeLocationForSavepoint returns where a savepoint goes: a new directory
// savepoint-<job>-<random> in the target, or in the default directory if target is
// empty. The error is [ErrNoSavepointDirectory] if there is neither. A target may
// be in any registered store, which is asked as CreateCheckpointStorage does.
func (a *CheckpointStorageAccess) InitializeLocationForSavepoint(ctx context.Context, target string) (*CheckpointStorageLocation, error) {
	if target == "" && !a.HasDefaultSavepointLocation() {
		return nil, fmt.Errorf("storage: %w; give a target, or set AccessOptions.DefaultSavepointDirectory", ErrNoSavepointDirectory)
	}
	if target == "" {
		target = a.savepoint.String()
	}
	parent, b, err := a.writable(ctx, target)
	if err != nil {
		return nil, fmt.Errorf("storage: savepoint target %q: %w", redact(target), err)
	}
	dir, err := a.newSavepointDirectory(ctx, b, parent)
	if err != nil {
		return nil, fmt.Errorf("storage: make a savepoint directory in %q: %w", redact(target), err)
	}
	return a.location(b, directories{dir, dir, dir}, referenceTo(dir)), nil
}

// newSavepointDirectory returns a directory that holds nothing. Stores have no
// directories to create exclusively: 48 random bits, and a look, do instead, and
// the exclusive create of the metadata has the last word.
func (a *CheckpointStorageAccess) newSavepointDirectory(ctx context.Context, b backend.Backend, parent Path) (Path, error) {
	for range savepointAttempts {
		dir := parent.Child(savepointName + a.job.String()[:6] + "-" + randomHex(6))
		empty, err := isEmpty(ctx, b, a.writing.entropy.remove(dir))
		if err != nil {
			return Path{}, err
		}
		if empty {
			return dir, nil
		}
	}
	return Path{}, fmt.Errorf("%w: %d random names are all taken; the source of random numbers seems broken", fs.ErrExist, savepointAttempts)
}

func isEmpty(ctx context.Context, b backend.Backend, dir Path) (bool, error) {
	for _, err := range b.List(ctx, dir.Key()) {
		return false, err
	}
	return true, nil
}
