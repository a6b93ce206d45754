package fs

import (
	"errors"
	iofs "io/fs"
	"path"
	"sync"
	"syscall"
)

// directories are those whose names are known to be on the disk, so that they
// are forced there once and not with each object. The value says whether we made
// it, and may remove it again.
type directories struct {
	mu   sync.Mutex
	made map[string]bool // guarded by mu
}

// manyDirectories are forgotten all at once, lest a process that makes one for
// each checkpoint remember them for ever. Then they are synced again, once.
const manyDirectories = 4096

func (d *directories) add(dir string, made bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.made == nil || len(d.made) >= manyDirectories {
		d.made = make(map[string]bool)
	}
	d.made[dir] = made
}

func (d *directories) lookup(dir string) (made, known bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	made, known = d.made[dir]
	return made, known
}

func (d *directories) forget(dir string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.made, dir)
}

func (d *directories) forgetAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.made = nil
}

// makeDirectory makes the directory and those above it, and forces their names to
// the disk: what is in them lives no longer than they do. That goes for those that
// are there already too: who made them may have died before forcing them.
func (b *Backend) makeDirectory(dir string) error {
	if _, known := b.directories.lookup(dir); known || dir == "." {
		return nil
	}
	if err := b.makeDirectory(path.Dir(dir)); err != nil {
		return err
	}
	err := b.tree.Mkdir(dir, 0o777)
	made := err == nil
	if !made && !b.isDirectory(dir, err) {
		return err
	}
	err = b.syncDirectory(path.Dir(dir))
	if err != nil && (made || !cannotSync(err)) {
		return err
	}
	b.directories.add(dir, made)
	return nil
}

// isDirectory reports whether there is a directory, after err of making it. Not
// every system says so when it has a reason not to make one.
func (b *Backend) isDirectory(dir string, err error) bool {
	if errors.Is(err, iofs.ErrExist) {
		return true // or a file, which the next step finds out
	}
	stat, err := b.tree.Stat(dir)
	return err == nil && stat.IsDir()
}

// cannotSync reports whether the directory is one that we can have made nothing
// in, or of a kind that is not forced to a disk.
func cannotSync(err error) bool {
	return errors.Is(err, iofs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) ||
		errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.EROFS)
}

func (b *Backend) syncDirectory(dir string) error {
	directory, err := b.tree.OpenFile(dir, readOnly, 0)
	if err != nil {
		return err
	}
	defer directory.Close()
	return directory.Sync()
}

// tidy removes the directory of an object that was removed, if it was the last in
// it, and those above it that we made and that are empty now: in a store of
// objects a prefix ends with its last object. It returns the directory that is
// left. A writer that is about to use one of them makes it again.
func (b *Backend) tidy(dir string) string {
	for made := true; made && dir != "."; {
		if err := b.tree.Rmdir(dir); err != nil {
			break // most often because it is not empty
		}
		b.directories.forget(dir)
		dir = path.Dir(dir)
		made, _ = b.directories.lookup(dir)
	}
	return dir
}
