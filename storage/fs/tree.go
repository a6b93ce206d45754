package fs

import (
	iofs "io/fs"
	"os"
)

// tree is what a backend asks of the disk, by slash-separated names. [os.Root]
// is one.
type tree interface {
	OpenFile(name string, flag int, perm os.FileMode) (*os.File, error)
	OpenRoot(name string) (*os.Root, error)
	Stat(name string) (iofs.FileInfo, error)
	Lstat(name string) (iofs.FileInfo, error)
	Mkdir(name string, perm os.FileMode) error
	Rename(from, to string) error
	Link(from, to string) error
	Remove(name string) error
	Close() error
}

// machine is the whole file system. An os.Root of "/" would not do: it follows
// no absolute link, and a user's /tmp may be one.
type machine struct{}

func (machine) OpenFile(name string, flag int, perm os.FileMode) (*os.File, error) {
	return os.OpenFile("/"+name, flag, perm)
}
func (machine) OpenRoot(name string) (*os.Root, error)    { return os.OpenRoot("/" + name) }
func (machine) Stat(name string) (iofs.FileInfo, error)   { return os.Stat("/" + name) }
func (machine) Lstat(name string) (iofs.FileInfo, error)  { return os.Lstat("/" + name) }
func (machine) Mkdir(name string, perm os.FileMode) error { return os.Mkdir("/"+name, perm) }
func (machine) Rename(from, to string) error              { return os.Rename("/"+from, "/"+to) }
func (machine) Link(from, to string) error                { return os.Link("/"+from, "/"+to) }
func (machine) Remove(name string) error                  { return os.Remove("/" + name) }
func (machine) Close() error                              { return nil }
