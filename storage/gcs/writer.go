package gcs

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"

	"cloud.google.com/go/storage"

	"github.com/cairnstate/cairn/storage/backend"
)

// Create begins to write an object. Nothing is sent until there is more than one
// chunk, or until Commit.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	api, err := b.begin(ctx, "create", key)
	if err != nil {
		return nil, err
	}
	// The SDK abandons an upload when its context ends, and in no other way.
	sendCtx, cancel := context.WithCancel(ctx)
	return &writer{
		backend: b, object: b.object(api, key), ctx: ctx, sendCtx: sendCtx, cancel: cancel,
		key: key, token: rand.Text(), ifAbsent: opts != nil && opts.IfAbsent,
	}, nil
}

// writer holds what fits into one chunk, and hands it to the SDK when there is
// more, which then sends chunk after chunk.
type writer struct {
	backend  *Backend
	object   *storage.ObjectHandle
	ctx      context.Context
	sendCtx  context.Context
	cancel   context.CancelFunc
	key      string
	token    string // in the object's metadata, to know one's own work again
	ifAbsent bool

	held  []byte
	sink  *storage.Writer // nil as long as all is held
	err   error           // of a Write that failed: there is a hole, so nothing may follow
	state state
}

type state int

const (
	open state = iota
	committed
	failed // Commit returned an error
	closed
)

var errCommitted = errors.New("Commit was called before")

// Write takes p, and waits while a chunk is being sent.
func (w *writer) Write(p []byte) (int, error) {
	if err := w.usable(); err != nil {
		return 0, w.fail(err)
	}
	chunk := w.backend.options.ChunkSize
	if w.sink == nil && len(w.held)+len(p) <= chunk {
		w.held = append(w.held, p...)
		return len(p), nil
	}
	if w.sink == nil {
		if w.err = w.send(chunk); w.err != nil {
			return 0, w.fail(w.err)
		}
	}
	n, err := w.sink.Write(p)
	if err != nil {
		w.err = cmp.Or(w.ctx.Err(), err) // the SDK may only say that a pipe is closed
		return n, w.fail(w.err)
	}
	return n, nil
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

// send begins to send, what is held first.
func (w *writer) send(chunk int) error {
	object, limit := w.object, &limit{}
	if w.ifAbsent {
		object = object.If(storage.Conditions{DoesNotExist: true})
	}
	w.sink = object.Retryer(storage.WithErrorFunc(limit.retry)).NewWriter(w.sendCtx)
	w.sink.ChunkSize = chunk
	w.sink.ProgressFunc = limit.progress
	w.sink.ContentType = "application/octet-stream"
	w.sink.Metadata = map[string]string{tokenName: w.token}
	_, err := w.sink.Write(w.held)
	w.held = nil
	return err
}

// Commit publishes the object.
func (w *writer) Commit() error {
	if err := w.usable(); err != nil {
		return w.fail(err)
	}
	w.state = failed
	if err := w.settle(w.publish()); err != nil {
		return w.fail(err)
	}
	w.state = committed
	return nil
}

// publish sends what is left. What is held fits into one chunk of its own size,
// and so into one request.
func (w *writer) publish() error {
	if w.sink == nil {
		const quantum = 256 << 10
		if err := w.send((len(w.held)/quantum + 1) * quantum); err != nil {
			return errors.Join(err, w.sink.Close())
		}
	}
	return w.sink.Close()
}

// Close abandons what was not committed.
func (w *writer) Close() error {
	if w.state == closed {
		return nil
	}
	abandoned := w.state != committed
	w.state, w.held = closed, nil
	w.cancel()
	if abandoned && w.sink != nil {
		_ = w.sink.Close() // waits for the SDK to notice; its error is our cancelling
	}
	return nil
}

func (w *writer) fail(err error) error { return w.backend.fail("create", w.key, err) }
