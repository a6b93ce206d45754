package main

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
)

// kept is the file that a floor keeps what it gets in.
type kept struct {
	file *os.File
	turn sync.Mutex // the kernel writes to a file one after the other, and waits for its turn busily
}

// answer reads the head of an answer and moves its body into the file.
func (k *kept) answer(l *lane, at int64) error {
	_, length, err := l.head()
	if err != nil {
		return err
	}
	buffered := min(length, int64(l.reader.Buffered()))
	if _, err := io.CopyN(io.NewOffsetWriter(k.file, at), l.reader, buffered); err != nil {
		return err
	}
	at, length = at+buffered, length-buffered
	if conn, ok := l.Conn.(*net.TCPConn); ok {
		return k.splice(conn, at, length)
	}
	return k.copy(l, at, length)
}

func (k *kept) copy(l *lane, at, length int64) error {
	for length > 0 {
		n, err := io.ReadFull(l.Conn, l.buffer[:min(length, int64(len(l.buffer)))])
		if err != nil {
			return err
		}
		k.turn.Lock()
		_, err = k.file.WriteAt(l.buffer[:n], at)
		k.turn.Unlock()
		if err != nil {
			return err
		}
		at, length = at+int64(n), length-int64(n)
	}
	return nil
}

const (
	setPipeSize = 1031 // F_SETPIPE_SZ
	pipeSize    = 1 << 20
	moveNoWait  = 1 | 2 // SPLICE_F_MOVE, SPLICE_F_NONBLOCK
)

// splice has the kernel move what comes into the file.
func (k *kept) splice(conn *net.TCPConn, at, length int64) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var pipe [2]int
	if err := syscall.Pipe2(pipe[:], syscall.O_NONBLOCK|syscall.O_CLOEXEC); err != nil {
		return err
	}
	defer syscall.Close(pipe[0])
	defer syscall.Close(pipe[1])
	_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, uintptr(pipe[0]), setPipeSize, pipeSize)
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		for length > 0 {
			n, err := syscall.Splice(int(fd), nil, pipe[1], nil, int(min(length, pipeSize)), moveNoWait)
			switch {
			case err == syscall.EAGAIN:
				return false
			case err == syscall.EINTR:
				continue
			case err != nil || n == 0:
				failed = errors.Join(err, io.ErrUnexpectedEOF)
				return true
			}
			length -= n
			if failed = k.drain(pipe[0], n, &at); failed != nil {
				return true
			}
		}
		return true
	})
	return errors.Join(err, failed)
}

// drain moves n bytes out of the pipe.
func (k *kept) drain(pipe int, n int64, at *int64) error {
	k.turn.Lock()
	defer k.turn.Unlock()
	for n > 0 {
		moved, err := syscall.Splice(pipe, nil, int(k.file.Fd()), at, int(n), 1)
		if err != nil {
			return err
		}
		n -= moved
	}
	return nil
}
