package fs

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// advice is what to do about an error of the system.
type advice struct {
	errno syscall.Errno
	says  string
	is    error // a sentinel, or nil
}

func advices() []advice {
	return []advice{
		{syscall.ENOSPC, "make room on the disk, or write elsewhere", nil},
		{syscall.EDQUOT, "delete what is not needed, or have the quota raised", nil},
		{syscall.EROFS, "the file system is mounted for reading alone, which systems also do to a disk that fails", nil},
		{syscall.EACCES, "run as who may, or have the permissions changed", nil},
		{syscall.EIO, "the disk fails, and what was being written is lost: look into the system's log before trying again", nil},
		{syscall.ENAMETOOLONG, "between two slashes a file system takes 255 bytes", nil},
		{syscall.ELOOP, "symbolic links run in circles", nil},
		{syscall.EMFILE, "this process has too many open files: raise its limit (ulimit -n)", backend.ErrTransient},
		{syscall.ENFILE, "this machine has too many open files", backend.ErrTransient},
		{syscall.ESTALE, "the server of the mounted disk has lost it: try again, or mount it anew", backend.ErrTransient},
		{syscall.ETIMEDOUT, "the server of the mounted disk does not answer", backend.ErrTransient},
	}
}

// advise adds to the error what to do about it.
func advise(err error) error {
	for _, a := range advices() {
		if errors.Is(err, a.errno) {
			return cause.New(fmt.Sprintf("%v: %s", err, a.says), a.is, err)
		}
	}
	return err
}
