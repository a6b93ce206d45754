package fs

import (
	iofs "io/fs"
	"os"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// looking is a tree that is only looked at: what would change it is refused, here
// and not by whoever calls. It embeds nothing, so that a verb that trees get one
// day is not let through unseen.
type looking struct{ within tree }

const writing = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREATE | os.O_TRUNC

func (l looking) OpenFile(name string, flag int, perm os.FileMode) (file, error) {
	if flag&writing != 0 {
		return nil, backend.ErrReadOnly
	}
	return l.within.OpenFile(name, flag, perm)
}

func (l looking) OpenRoot(name string) (*os.Root, error)   { return l.within.OpenRoot(name) }
func (l looking) Stat(name string) (iofs.FileInfo, error)  { return l.within.Stat(name) }
func (l looking) Lstat(name string) (iofs.FileInfo, error) { return l.within.Lstat(name) }
func (looking) Chtimes(string, time.Time, time.Time) error { return backend.ErrReadOnly }
func (looking) Mkdir(string, os.FileMode) error            { return backend.ErrReadOnly }
func (looking) Rename(string, string) error                { return backend.ErrReadOnly }
func (looking) Link(string, string) error                  { return backend.ErrReadOnly }
func (looking) Remove(string) error                        { return backend.ErrReadOnly }
func (looking) Rmdir(string) error                         { return backend.ErrReadOnly }
func (l looking) TryLock(f file, exclusive bool) error     { return l.within.TryLock(f, exclusive) }
func (l looking) escaped(err error) bool                   { return l.within.escaped(err) }
func (l looking) Close() error                             { return l.within.Close() }
