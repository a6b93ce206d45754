package s3

import (
	"net"
	"sync"
)

// gathered is how much of a TLS stream goes to the kernel, and comes from it, at
// once. By itself package tls makes a call for each record of 16 KiB, which takes
// longer than to encrypt it.
const gathered = 128 << 10

// gather is a connection that keeps what is written while it is held, until that
// is much, and reads ahead where much comes. It is safe for use by many goroutines
// at once, of which one reads.
type gather struct {
	net.Conn
	buffers *sync.Pool // of *[gathered]byte

	more   bool            // the last read was as large as it could be
	read   *[gathered]byte // of unread; nil if that is empty
	unread []byte

	mu   sync.Mutex
	held int             // guarded by mu; by how many
	kept *[gathered]byte // guarded by mu; nil if nothing is kept
	used int             // guarded by mu; of kept
}

// Read reads. A connection at rest has no buffer.
func (g *gather) Read(p []byte) (int, error) {
	if g.read == nil && !g.more {
		n, err := g.Conn.Read(p)
		g.more = n == len(p)
		return n, err
	}
	if g.read == nil {
		if err := g.readAhead(); g.read == nil {
			return 0, err
		}
	}
	n := copy(p, g.unread)
	if g.unread = g.unread[n:]; len(g.unread) == 0 {
		g.buffers.Put(g.read)
		g.read = nil
	}
	return n, nil
}

func (g *gather) readAhead() error {
	buffer := g.buffers.Get().(*[gathered]byte)
	n, err := g.Conn.Read(buffer[:])
	g.more = n == len(buffer)
	if n == 0 {
		g.buffers.Put(buffer)
		return err
	}
	g.read, g.unread = buffer, buffer[:n]
	return nil // an error comes again
}

func (g *gather) hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held++
}

// release sends what was kept.
func (g *gather) release() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held--
	return g.send()
}

func (g *gather) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held == 0 {
		return g.Conn.Write(p)
	}
	written := 0
	for {
		if g.kept == nil {
			g.kept = g.buffers.Get().(*[gathered]byte)
		}
		n := copy(g.kept[g.used:], p[written:])
		g.used += n
		if written += n; written == len(p) {
			return written, nil
		}
		if err := g.send(); err != nil {
			return written, err
		}
	}
}

// send sends what is kept; the caller holds mu.
func (g *gather) send() error {
	if g.kept == nil {
		return nil
	}
	_, err := g.Conn.Write(g.kept[:g.used])
	g.buffers.Put(g.kept)
	g.kept, g.used = nil, 0
	return err
}
