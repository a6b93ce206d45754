package fs

import (
	"context"
	"errors"
	"time"
)

// errLocked says that somebody else holds the lock.
var errLocked = errors.New("locked by another")

// hold opens a directory and locks it: exclusively for a swap, shared by all else
// that replaces or removes what a swap may have looked at. The lock is on the
// directory itself, so there is no file to leave behind, and who dies lets go.
// Closing the directory ends it.
//
// Where a shared lock is not to be had no exclusive one is either (network file
// systems do not lock directories), so nothing is lost without it.
func (b *Backend) hold(ctx context.Context, dir string, exclusive bool) (file, error) {
	directory, err := b.tree.OpenFile(dir, readOnly, 0)
	if err != nil {
		return nil, err
	}
	err = b.lock(ctx, directory, exclusive)
	if err != nil && (exclusive || ctx.Err() != nil) {
		return nil, errors.Join(err, directory.Close())
	}
	return directory, nil
}

// lock waits for the lock. Nobody holds one longer than it takes to rename a file
// and sync a directory.
func (b *Backend) lock(ctx context.Context, f file, exclusive bool) error {
	const longest = 50 * time.Millisecond
	for wait := time.Millisecond; ; wait = min(2*wait, longest) {
		err := b.tree.TryLock(f, exclusive)
		if !errors.Is(err, errLocked) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}
