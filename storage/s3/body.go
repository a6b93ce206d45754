package s3

import (
	"io"
	"io/fs"
	"sync"
)

// body is a source on its way. The transport may go on reading it after it has
// handed out the answer, until one of them closes it.
type body struct {
	source
	mu     sync.Mutex
	sent   int64 // guarded by mu
	closed bool  // guarded by mu
}

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return 0, fs.ErrClosed
	case b.sent == b.size:
		return 0, io.EOF
	}
	n, err := b.read(p, b.sent)
	b.sent += int64(n)
	return n, err
}

// Seek is for the SDK, which asks how long the body is, and goes back to its
// beginning.
func (b *body) Seek(offset int64, whence int) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		offset += b.sent
	case io.SeekEnd:
		offset += b.size
	}
	if offset < 0 || offset > b.size {
		return 0, fs.ErrInvalid
	}
	b.sent = offset
	return offset, nil
}

// Close waits until nobody reads the source, and lets nobody read it after that.
func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}

// isClosed says whether the transport closed it, which then has nothing of it any
// more.
func (b *body) isClosed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}

// take takes all that is left of a body in memory. Who sends it says with Close
// when he has.
func (b *body) take() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, ok := b.from.(memory)
	if !ok || b.closed {
		return nil
	}
	left := data[b.at+b.sent : b.at+b.size]
	b.sent = b.size
	return left
}
