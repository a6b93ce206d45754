package fs

import (
	"io"
	iofs "io/fs"
	"os"
	"time"
)

// tree is what a backend asks of the disk, by slash-separated names.
type tree interface {
	OpenFile(name string, flag int, perm os.FileMode) (file, error)
	OpenRoot(name string) (*os.Root, error)
	Stat(name string) (iofs.FileInfo, error)
	Lstat(name string) (iofs.FileInfo, error)
	Chtimes(name string, accessed, modified time.Time) error
	Mkdir(name string, perm os.FileMode) error
	Rename(from, to string) error
	Link(from, to string) error
	Remove(name string) error
	// Rmdir removes an empty directory, and never a file that took its place.
	Rmdir(name string) error
	// TryLock locks an open file or directory against other openings of it, or fails
	// with errLocked. The lock is held until the file is closed, at the latest by the
	// end of the process.
	TryLock(f file, exclusive bool) error
	// escaped reports whether the error says that a name led out of the tree.
	escaped(err error) bool
	Close() error
}

// file is an open file or directory. [os.File] is one.
type file interface {
	io.ReadWriteSeeker
	io.Closer
	Stat() (iofs.FileInfo, error)
	ReadDir(n int) ([]iofs.DirEntry, error)
	Sync() error
}

// machine is the whole file system. An os.Root of "/" would not do: it follows
// no absolute link, and a user's /tmp may be one.
type machine struct{}

func (machine) OpenFile(name string, flag int, perm os.FileMode) (file, error) {
	return os.OpenFile("/"+name, flag, perm)
}
func (machine) OpenRoot(name string) (*os.Root, error)   { return os.OpenRoot("/" + name) }
func (machine) Stat(name string) (iofs.FileInfo, error)  { return os.Stat("/" + name) }
func (machine) Lstat(name string) (iofs.FileInfo, error) { return os.Lstat("/" + name) }
func (machine) Chtimes(name string, accessed, modified time.Time) error {
	return os.Chtimes("/"+name, accessed, modified)
}
func (machine) Mkdir(name string, perm os.FileMode) error { return os.Mkdir("/"+name, perm) }
func (machine) Rename(from, to string) error              { return os.Rename("/"+from, "/"+to) }
func (machine) Link(from, to string) error                { return os.Link("/"+from, "/"+to) }
func (machine) Remove(name string) error                  { return os.Remove("/" + name) }
func (machine) Rmdir(name string) error                   { return rmdir("/" + name) }
func (machine) TryLock(f file, exclusive bool) error      { return tryLock(f, exclusive) }
func (machine) escaped(error) bool                        { return false }
func (machine) Close() error                              { return nil }

// confined is a directory that no name leads out of.
type confined struct{ *os.Root }

func (c confined) OpenFile(name string, flag int, perm os.FileMode) (file, error) {
	return c.Root.OpenFile(name, flag, perm)
}
func (c confined) Rmdir(name string) error              { return rmdirIn(c.Root, name) }
func (c confined) TryLock(f file, exclusive bool) error { return tryLock(f, exclusive) }
func (c confined) escaped(err error) bool               { return escaped(c.Root, err) }
