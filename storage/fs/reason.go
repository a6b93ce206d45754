package fs

import (
	"errors"
	iofs "io/fs"
	"os"
	"syscall"

	"github.com/cairnstate/cairn/storage/backend"
)

// missing is an error of the system that means that there is no such object,
// although the system has another word for it: a directory is no object, and
// nothing is below a file. errors.Is finds both meanings.
type missing struct{ syscall.Errno }

func (m missing) Is(target error) bool { return target == iofs.ErrNotExist }
func (m missing) Unwrap() error        { return m.Errno }

// absent returns err, as missing if it says in other words that an object is not
// there.
func absent(err error) error {
	for _, errno := range []syscall.Errno{syscall.ENOTDIR, syscall.EISDIR} {
		if errors.Is(err, errno) {
			return missing{errno}
		}
	}
	return err
}

var errNotRegular = errors.New("not a regular file")

// regular refuses what is no file. A pipe or a device could block or never end.
func regular(stat iofs.FileInfo) error {
	switch {
	case stat.IsDir():
		return syscall.EISDIR
	case !stat.Mode().IsRegular():
		return errNotRegular
	}
	return nil
}

// explain returns the reason in err, as [backend.ErrEscapes] if a link led out
// of the root, and with what to do about it if that is known.
func (b *Backend) explain(err error) error {
	if b.tree.escaped(err) {
		return backend.ErrEscapes
	}
	return advise(reason(err))
}

// escaped reports whether err says that a name led out of the root. The os
// package does not export that error, so an escape for comparison provokes it.
func escaped(root *os.Root, err error) bool {
	_, escape := root.Stat("..")
	return errors.Is(err, reason(escape))
}

// reason strips the operation and the path, which [backend.Error] tells better.
func reason(err error) error {
	if pathError, ok := errors.AsType[*iofs.PathError](err); ok {
		return pathError.Err
	}
	if linkError, ok := errors.AsType[*os.LinkError](err); ok {
		return linkError.Err
	}
	return err
}
