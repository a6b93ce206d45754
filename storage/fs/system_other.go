//go:build !unix || solaris || illumos || aix

package fs

import (
	"errors"
	iofs "io/fs"
	"os"
)

// canLock says that this system has no locks that end with their process.
const canLock = false

func tryLock(file, bool) error { return errors.ErrUnsupported }

// The slash at the end makes it fail if a file took the directory's place.
func rmdir(name string) error                  { return os.Remove(name + "/") }
func rmdirIn(root *os.Root, name string) error { return root.Remove(name + "/") }

func inode(iofs.FileInfo) uint64 { return 0 }
