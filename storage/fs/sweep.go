package fs

import (
	"context"
	"errors"
	iofs "io/fs"
	"os"
	"time"
)

// Sweep removes what writers that were killed left below the prefix: temporary
// files that nobody has written to for so long and that no living writer holds. It
// returns their names. A writer locks its file, and the lock ends with the process
// that held it, so a writer that lives is told from one that died, on this machine
// and others; the age is for the moment between making a file and locking it, and
// a minute is plenty. Where files cannot be locked nothing is removed, and an
// error says so.
func (b *Backend) Sweep(ctx context.Context, prefix string, untouched time.Duration) (removed []string, err error) {
	if b.readOnly {
		return nil, b.checkWrite(ctx, "sweep", prefix)
	}
	before := time.Now().Add(-untouched)
	var failed []error
	w := &walk{backend: b, ctx: ctx, temporary: true, visit: func(key string, stat iofs.FileInfo) bool {
		if !stat.ModTime().Before(before) {
			return true
		}
		gone, err := b.sweep(key)
		if err != nil {
			failed = append(failed, b.fail("sweep", key, err))
		}
		if gone {
			removed = append(removed, key)
		}
		return true
	}}
	w.failed = func(key string, err error) { failed = append(failed, b.fail("sweep", key, err)) }
	w.directory(prefix)
	return removed, errors.Join(failed...)
}

// sweep removes one temporary file if its writer is dead.
func (b *Backend) sweep(name string) (gone bool, err error) {
	left, err := b.tree.OpenFile(name, os.O_RDONLY, 0)
	if errors.Is(err, iofs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer left.Close()
	switch err := b.tree.TryLock(left, false); {
	case errors.Is(err, errLocked):
		return false, nil // it lives
	case err != nil:
		return false, err
	}
	err = b.tree.Remove(name)
	if errors.Is(err, iofs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
