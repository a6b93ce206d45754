package s3

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// sendFile has the kernel send what is left of a file, out of its cache. It
// returns false, and has sent nothing, if the kernel cannot.
func (c *conn) sendFile(file *os.File, b *body) (sent int64, able bool, err error) {
	to, err := c.SyscallConn()
	if err != nil {
		return 0, true, err
	}
	from, err := file.SyscallConn()
	if err != nil {
		return 0, false, nil // reading it tells the reason
	}
	var failed, broken error
	err = from.Control(func(from uintptr) {
		broken = to.Write(func(to uintptr) bool {
			n, done, err := b.sendFrom(int(from), int(to))
			sent, failed = sent+n, err
			return done
		})
	})
	if err != nil || (sent == 0 && cannotSend(failed)) {
		return 0, false, nil
	}
	return sent, true, errors.Join(broken, failed)
}

// cannotSend says whether the file is none that the kernel sends.
func cannotSend(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.EOPNOTSUPP)
}

// sendFrom sends until all is sent, or the connection takes no more for now.
func (b *body) sendFrom(from, to int) (sent int64, done bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.sent < b.size {
		if b.closed {
			return sent, true, fs.ErrClosed
		}
		offset := b.at + b.sent
		n, err := syscall.Sendfile(to, from, &offset, int(min(b.size-b.sent, 1<<30)))
		switch {
		case n > 0:
			b.sent += int64(n)
			sent += int64(n)
		case err == nil:
			return sent, true, &sourceError{b.short(b.sent)}
		case errors.Is(err, syscall.EAGAIN):
			return sent, false, nil
		case !errors.Is(err, syscall.EINTR):
			return sent, true, err
		}
	}
	return sent, true, nil
}
