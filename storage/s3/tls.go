package s3

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// secureConn is a TLS connection whose records travel together.
type secureConn struct {
	*tls.Conn
	under   *gather
	writing atomic.Int32
}

// secured makes TLS connections of those that dial makes, as a transport would with
// this configuration.
func secured(dial dialer, config func() *tls.Config, timeout time.Duration) dialer {
	buffers := &sync.Pool{New: func() any { return new([gathered]byte) }}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		made, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		under := &gather{Conn: made, buffers: buffers}
		c := &secureConn{Conn: tls.Client(under, named(config(), address)), under: under}
		if timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, timeout)
			defer cancel()
		}
		if err := c.HandshakeContext(ctx); err != nil {
			made.Close()
			return nil, err
		}
		return c, nil
	}
}

// named returns a copy of the configuration for the server at the address.
func named(config *tls.Config, address string) *tls.Config {
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config = config.Clone()
	if config.ServerName == "" {
		config.ServerName, _, _ = net.SplitHostPort(address)
	}
	config.DynamicRecordSizingDisabled = true // small records are for those who wait for the first of them
	return config
}

// SyscallConn returns the connection below TLS, if it is the system's.
func (c *secureConn) SyscallConn() (syscall.RawConn, error) {
	if under, ok := c.under.Conn.(syscall.Conn); ok {
		return under.SyscallConn()
	}
	return nil, errors.ErrUnsupported
}

// Write sends p.
func (c *secureConn) Write(p []byte) (int, error) {
	c.writing.Add(1)
	defer c.writing.Add(-1)
	c.under.hold()
	n, err := c.Conn.Write(p)
	return n, errors.Join(err, c.under.release())
}

// ReadFrom sends what is in r: what is in memory from there, else many records at
// once.
func (c *secureConn) ReadFrom(r io.Reader) (int64, error) {
	if data := takeAll(r); data != nil {
		n, err := c.Write(data)
		return int64(n), err
	}
	buffer := c.under.buffers.Get().(*[gathered]byte)
	defer c.under.buffers.Put(buffer)
	return io.CopyBuffer(struct{ io.Writer }{c}, r, buffer[:])
}

// Close does not wait for who is writing to take note of it.
func (c *secureConn) Close() error {
	if c.writing.Load() > 0 {
		c.under.Close()
	}
	return c.Conn.Close()
}
