package fs

import (
	"errors"
	iofs "io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// An error of the disk says what to do, and stays what it is.
func TestAdvice(t *testing.T) {
	for errno, want := range map[syscall.Errno]string{
		syscall.ENOSPC: `file: create "/dir/object": no space left on device: make room`,
		syscall.EDQUOT: "quota raised", syscall.EROFS: "mounted for reading alone", syscall.EIO: "what was being written is lost",
		syscall.EACCES: "have the permissions changed", syscall.EMFILE: "ulimit -n", syscall.ESTALE: "mount it anew",
	} {
		disk := newSimulated()
		disk.fault = func(step string) (before, after error) {
			if strings.HasPrefix(step, "write") {
				return &iofs.PathError{Op: "write", Path: "/secret/place", Err: errno}, nil
			}
			return nil, nil
		}
		err := write(&Backend{tree: disk}, "dir/object", "content", nil, backend.Writer.Commit)
		if !errors.Is(err, errno) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "/secret") {
			t.Errorf("%v, want it to say %q", err, want)
		}
		transient := errno == syscall.EMFILE || errno == syscall.ESTALE
		if errors.Is(err, backend.ErrTransient) != transient {
			t.Errorf("%v: transient is %v", err, !transient)
		}
	}
}
