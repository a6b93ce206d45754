package s3

import (
	"context"
	"crypto/rand"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// Create begins to write an object. Nothing is sent until there is more than one
// part, or until Commit.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	calls, err := b.beginWrite(ctx, "create", key)
	if err != nil {
		return nil, err
	}
	return b.newWriter(ctx, calls, key, opts), nil
}

func (b *Backend) newWriter(ctx context.Context, calls *calls, key string, opts *backend.CreateOptions) *writer {
	w := &writer{backend: b, calls: calls, ctx: ctx, key: key, token: rand.Text()}
	if opts != nil && opts.IfAbsent {
		w.conditions.ifNoneMatch = "*"
	}
	return w
}

// writer fills one part at a time and hands it on when there is more to come.
type writer struct {
	backend    *Backend
	calls      *calls
	ctx        context.Context
	key        string
	token      string // in the object's metadata, to know one's own work again
	conditions conditions

	part   []byte  // from the backend's buffers, or nil
	sum    uint32  // the CRC-32C of part, computed while its bytes are in the cache
	upload *upload // nil as long as one part is enough
	err    error   // of a Write that failed: there is a hole, so nothing may follow
	state  state
}

type state int

const (
	open state = iota
	committed
	failed // Commit returned an error
	closed
)

var errCommitted = errors.New("Commit was called before")

// Write takes p, and waits while all parts that may be in memory are.
func (w *writer) Write(p []byte) (int, error) {
	written := 0
	for {
		if err := w.makeRoom(len(p) - written); err != nil {
			return written, w.fail(err)
		}
		n := copy(w.room(), p[written:])
		w.add(n)
		if written += n; written == len(p) {
			return written, nil
		}
	}
}

// ReadFrom takes what is in r, without a buffer between it and the parts.
func (w *writer) ReadFrom(r io.Reader) (int64, error) {
	read := int64(0)
	for {
		n, err := w.readSome(r)
		read += int64(n)
		if errors.Is(err, io.EOF) {
			return read, nil
		}
		if err != nil {
			return read, err
		}
	}
}

// readSome reads once. A full part is not sent before there is more: it may be
// all.
func (w *writer) readSome(r io.Reader) (int, error) {
	if len(w.part) == w.partSize() {
		more := w.backend.buffers.get(smallBuffer)
		defer func() { w.backend.buffers.put(more) }()
		n, err := r.Read(more[:cap(more)])
		if _, err := w.Write(more[:n]); err != nil {
			return 0, err
		}
		return n, err
	}
	if err := w.makeRoom(mediumBuffer); err != nil {
		return 0, w.fail(err)
	}
	n, err := r.Read(w.room())
	w.add(n)
	return n, err
}

// room is where the next bytes of the part go: so many that they stay in the cache
// until their checksum is computed.
func (w *writer) room() []byte {
	return w.part[len(w.part):min(cap(w.part), len(w.part)+smallBuffer)]
}

// add says that n bytes are in room.
func (w *writer) add(n int) {
	added := w.part[len(w.part) : len(w.part)+n]
	w.part, w.sum = w.part[:len(w.part)+n], crc32.Update(w.sum, castagnoli, added)
}

// makeRoom sees to it that the part has some, if more is to come. It grows towards
// the size of a part and is then sent.
func (w *writer) makeRoom(more int) error {
	if err := w.usable(); err != nil {
		return err
	}
	if len(w.part) < cap(w.part) || more == 0 {
		return nil
	}
	if len(w.part) == w.partSize() {
		w.err = w.flush()
		return w.err
	}
	size := w.partSize()
	if w.upload == nil {
		size = min(size, len(w.part)+more)
	}
	grown := append(w.backend.buffers.get(size), w.part...)
	w.backend.buffers.put(w.part)
	w.part = grown
	return nil
}

// usable tells why nothing can be written any more.
func (w *writer) usable() error {
	switch {
	case w.state == closed:
		return fs.ErrClosed
	case w.state != open:
		return errCommitted
	case w.err != nil:
		return w.err
	}
	return w.ctx.Err()
}

// partSize is the size of the part that is being filled.
func (w *writer) partSize() int {
	if w.upload == nil {
		return w.backend.options.PartSize
	}
	return w.backend.options.PartSize * (1 + len(w.upload.parts)/growEvery)
}

// flush hands the full part to the upload, which it begins with the first.
func (w *writer) flush() error {
	if w.upload == nil {
		upload, err := w.begin()
		if err != nil {
			return err
		}
		w.upload = upload
	}
	if err := w.send(); err != nil {
		return err
	}
	var err error
	w.part, err = w.upload.next()
	return err
}

// send sends the part, full or the last one.
func (w *writer) send() error {
	part, sum := w.part, w.sum
	w.part, w.sum = nil, 0
	return w.upload.send(part, sum)
}

// Commit publishes the object, by one PutObject or by completing the upload.
func (w *writer) Commit() error {
	if err := w.usable(); err != nil {
		return w.fail(err)
	}
	w.state = failed
	if err := w.publish(); err != nil {
		return w.fail(err)
	}
	w.state = committed
	return nil
}

// Close abandons what was not committed. Parts that were uploaded are removed
// even if the context is done: to leave them would be to change the store.
func (w *writer) Close() error {
	state := w.state
	w.state = closed
	if state == open {
		w.backend.buffers.put(w.part) // after Commit somebody may still send it
	}
	w.part = nil
	if state == closed || state == committed || w.upload == nil {
		return nil
	}
	if err := w.upload.abort(); err != nil {
		return w.fail(err)
	}
	return nil
}

func (w *writer) fail(err error) error { return w.backend.fail(w.ctx, "create", w.key, err) }
