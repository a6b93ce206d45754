package s3

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/cairnstate/cairn/storage/backend"
)

// Create begins to write an object. Nothing is sent until there is more than one
// part, or until Commit.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	api, err := b.begin(ctx, "create", key)
	if err != nil {
		return nil, err
	}
	return &writer{
		backend: b, api: api, ctx: ctx, key: key, token: rand.Text(),
		ifAbsent: opts != nil && opts.IfAbsent,
		crc:      api.Options().RequestChecksumCalculation != whenRequired,
	}, nil
}

// writer fills one part at a time and hands it on when there is more to come.
type writer struct {
	backend  *Backend
	api      *s3.Client
	ctx      context.Context
	key      string
	token    string // in the object's metadata, to know one's own work again
	ifAbsent bool
	crc      bool // send a CRC-32C; else the payload is signed

	part   []byte
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
	if err := w.usable(); err != nil {
		return 0, w.fail(err)
	}
	written := 0
	for written < len(p) {
		if len(w.part) == w.partSize() {
			if w.err = w.flush(); w.err != nil {
				return written, w.fail(w.err)
			}
		}
		n := min(len(p)-written, w.partSize()-len(w.part))
		w.part = append(w.part, p[written:written+n]...)
		written += n
	}
	return written, nil
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
	if err := w.upload.send(w.part); err != nil {
		return err
	}
	w.part = w.upload.buffer(w.partSize())
	return nil
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
	w.part = nil
	return nil
}

// Close abandons what was not committed. Parts that were uploaded are removed
// even if the context is done: to leave them would be to change the store.
func (w *writer) Close() error {
	state := w.state
	w.state, w.part = closed, nil
	if state == closed || state == committed || w.upload == nil {
		return nil
	}
	if err := w.upload.abort(); err != nil {
		return w.fail(err)
	}
	return nil
}

func (w *writer) fail(err error) error { return w.backend.fail("create", w.key, err) }
