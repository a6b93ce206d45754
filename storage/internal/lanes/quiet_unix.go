//go:build unix

package lanes

import (
	"errors"
	"net"
	"syscall"
)

// isQuiet says whether nothing has come in on an idle connection, not even its end.
// If it is none of the system's, nobody knows, and that it was closed shows when it
// is used.
func isQuiet(conn net.Conn) bool {
	under, ok := conn.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := under.SyscallConn()
	if err != nil {
		return errors.Is(err, errors.ErrUnsupported)
	}
	quiet := false
	err = raw.Read(func(fd uintptr) bool {
		_, err := syscall.Read(int(fd), make([]byte, 1))
		quiet = errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EWOULDBLOCK)
		return true
	})
	return quiet && err == nil
}
