package fs

import (
	"context"
	"errors"
	"fmt"
	iofs "io/fs"
	"path"

	"github.com/cairnstate/cairn/storage/backend"
)

// Delete removes the file, and its directory if it was the last in it. When it
// returns nil the file stays gone, whatever happens to the machine: who deletes a
// name first and the rest then relies on the order.
func (b *Backend) Delete(ctx context.Context, key string) error {
	return b.DeleteAll(ctx, []string{key})
}

// DeleteAll removes the files, one directory after the other, and forces each
// directory to the disk once.
func (b *Backend) DeleteAll(ctx context.Context, keys []string) error {
	var failed []error
	var order []string
	below := make(map[string][]string)
	for _, key := range keys {
		if err := b.checkWrite(ctx, "delete", key); err != nil {
			failed = append(failed, err)
			continue
		}
		dir := path.Dir(key)
		if below[dir] == nil {
			order = append(order, dir)
		}
		below[dir] = append(below[dir], key)
	}
	for _, dir := range order {
		failed = append(failed, b.deleteIn(ctx, dir, below[dir])...)
	}
	if len(failed) == 1 {
		return failed[0]
	}
	return errors.Join(failed...)
}

// deleteIn removes files of one directory.
func (b *Backend) deleteIn(ctx context.Context, dir string, keys []string) []error {
	directory, err := b.hold(ctx, dir, false)
	if errors.Is(absent(err), iofs.ErrNotExist) {
		return b.syncAbove(dir, keys)
	}
	if err != nil {
		return []error{b.failAll(keys, err)}
	}
	defer directory.Close()
	var failed []error
	gone := 0
	for i, key := range keys {
		if err := ctx.Err(); err != nil {
			failed = append(failed, b.failAll(keys[i:], err))
			break
		}
		removed, err := b.remove(key)
		if err != nil {
			failed = append(failed, b.fail("delete", key, err))
		}
		if removed {
			gone++
			b.doubts.settled(key)
		}
	}
	if err := b.settleDirectory(dir, directory, gone > 0); err != nil {
		failed = append(failed, b.failAll(keys, err))
	}
	return failed
}

// remove removes the file, if there is one and it is no directory, which os.Remove
// would remove too.
func (b *Backend) remove(key string) (removed bool, err error) {
	stat, err := b.tree.Lstat(key)
	if err == nil && stat.IsDir() {
		return false, nil
	}
	if err == nil {
		err = b.tree.Remove(key)
	}
	if errors.Is(absent(err), iofs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// settleDirectory forces to the disk that files are gone: the directory that they
// were in, or if it went with them, the one that it was in. It does so as well if
// nothing was removed now: it may have been by who died before this.
func (b *Backend) settleDirectory(dir string, directory file, removed bool) error {
	left := dir
	if removed {
		left = b.tidy(dir)
	}
	if left != dir {
		return undurable(b.syncNearest(left), "deleted")
	}
	return undurable(directory.Sync(), "deleted")
}

// syncAbove does that for a directory that is not there.
func (b *Backend) syncAbove(dir string, keys []string) []error {
	if err := b.syncNearest(dir); err != nil && !cannotSync(err) {
		return []error{b.failAll(keys, undurable(err, "deleted"))}
	}
	return nil
}

// syncNearest forces the directory to the disk, or if it is gone the first above
// it that is not.
func (b *Backend) syncNearest(dir string) error {
	for {
		err := b.syncDirectory(dir)
		if dir == "." || !errors.Is(absent(err), iofs.ErrNotExist) {
			return err
		}
		dir = path.Dir(dir)
	}
}

// undurable says of an error of syncing a directory what was done before.
func undurable(err error, done string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s, but perhaps not yet durable: %w", done, reason(err))
}

// failAll returns the error of all the keys, which names the key if it is one.
func (b *Backend) failAll(keys []string, err error) error {
	if len(keys) == 1 {
		return b.fail("delete", keys[0], err)
	}
	return b.fail("delete", "", err)
}

var _ backend.BatchDeleter = (*Backend)(nil)
