package s3

import (
	"context"
	"io"
	"net"
	"os"
)

// conn is a connection without TLS, that what is sent need not be copied for: a
// file goes out of the kernel's cache, and a part out of the memory it is in. The
// transport asks for that by ReadFrom, when the head of the request is out.
type conn struct{ *net.TCPConn }

type dialer = func(ctx context.Context, network, address string) (net.Conn, error)

// direct makes the connections of a dialer such.
func direct(dial dialer) dialer {
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		made, err := dial(ctx, network, address)
		if tcp, ok := made.(*net.TCPConn); ok && err == nil {
			return &conn{tcp}, nil
		}
		return made, err
	}
}

// ReadFrom sends what is in r.
func (c *conn) ReadFrom(r io.Reader) (int64, error) {
	if data := takeAll(r); data != nil {
		n, err := c.Write(data)
		return int64(n), err
	}
	if sending := bodyIn(r); sending != nil {
		if file, ok := sending.from.(*os.File); ok {
			if n, able, err := c.sendFile(file, sending); able {
				return n, err
			}
		}
	}
	return c.TCPConn.ReadFrom(r)
}

// bodyIn returns the body that a transport sends all of, or nil.
func bodyIn(r io.Reader) *body {
	if limited, ok := r.(*io.LimitedReader); ok {
		sending, _ := limited.R.(*body)
		return sending
	}
	return nil
}

// takeAll takes what a transport sends if it is in memory.
func takeAll(r io.Reader) []byte {
	if sending := bodyIn(r); sending != nil {
		return sending.take()
	}
	return nil
}

var _ io.ReaderFrom = (*conn)(nil)
