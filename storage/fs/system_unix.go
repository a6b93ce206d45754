//go:build unix && !solaris && !illumos && !aix

package fs

import (
	"errors"
	iofs "io/fs"
	"os"
	"path"
	"syscall"

	"golang.org/x/sys/unix"
)

// tryLock locks by flock(2), which the system lets go when the process dies,
// however it does.
func tryLock(f file, exclusive bool) error {
	opened, ok := f.(*os.File)
	if !ok {
		return errors.ErrUnsupported
	}
	how := unix.LOCK_SH | unix.LOCK_NB
	if exclusive {
		how = unix.LOCK_EX | unix.LOCK_NB
	}
	raw, err := opened.SyscallConn()
	if err != nil {
		return err
	}
	var locked error
	err = raw.Control(func(fd uintptr) { locked = unix.Flock(int(fd), how) })
	if errors.Is(locked, unix.EWOULDBLOCK) {
		return errLocked
	}
	return errors.Join(err, locked)
}

// canLock says that this system has locks that end with their process.
const canLock = true

// rmdir is not os.Remove, which would remove a file that took the directory's
// place a moment ago.
func rmdir(name string) error {
	if err := unix.Rmdir(name); err != nil {
		return &iofs.PathError{Op: "rmdir", Path: name, Err: err}
	}
	return nil
}

func rmdirIn(root *os.Root, name string) error {
	parent, err := root.Open(path.Dir(name))
	if err != nil {
		return err
	}
	defer parent.Close()
	if err := unix.Unlinkat(int(parent.Fd()), path.Base(name), unix.AT_REMOVEDIR); err != nil {
		return &iofs.PathError{Op: "rmdir", Path: name, Err: err}
	}
	return nil
}

// inode tells a file from the one that has its name next.
func inode(stat iofs.FileInfo) uint64 {
	if system, ok := stat.Sys().(*syscall.Stat_t); ok {
		return uint64(system.Ino)
	}
	return 0
}
