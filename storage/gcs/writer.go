package gcs

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"hash/crc32"
	"io/fs"

	"cloud.google.com/go/storage"

	"github.com/cairnstate/cairn/storage/backend"
)

// Create begins to write an object. Nothing is sent until there is more than one
// chunk, or until Commit.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	api, err := b.beginWrite(ctx, "create", key)
	if err != nil {
		return nil, err
	}
	if opts == nil || !opts.IfAbsent {
		return b.newWriter(ctx, api, "create", key, nil), nil
	}
	w := b.newWriter(ctx, api, "create", key, &storage.Conditions{DoesNotExist: true})
	w.refusal = fs.ErrExist
	return w, nil
}

// newWriter returns a writer that publishes if the conditions hold, or always if
// there are none.
func (b *Backend) newWriter(ctx context.Context, api *storage.Client, op, key string, conditions *storage.Conditions) *writer {
	w := &writer{backend: b, ctx: ctx, op: op, key: key, conditions: conditions}
	w.publication = publication{object: b.object(api, key), token: rand.Text()}
	// The SDK abandons an upload when its context ends, and in no other way.
	w.sendCtx, w.cancel = context.WithCancel(ctx)
	return w
}

// writer holds what fits into one chunk, and hands it to the SDK when there is
// more, which then sends chunk after chunk.
type writer struct {
	publication
	backend    *Backend
	ctx        context.Context
	sendCtx    context.Context
	cancel     context.CancelFunc
	op         string // what it is part of, for errors
	key        string
	conditions *storage.Conditions
	generation int64 // of the object, once it is committed

	held  []byte
	sink  *storage.Writer // nil as long as all is held
	limit limit
	err   error // of a Write that failed: there is a hole, so nothing may follow
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
	w.written += int64(len(p))
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
	object := w.object
	if w.conditions != nil {
		object = object.If(*w.conditions)
	}
	w.sink = object.Retryer(storage.WithErrorFunc(w.limit.retry)).NewWriter(w.sendCtx)
	w.sink.ChunkSize = chunk
	w.sink.ProgressFunc = w.limit.progress
	w.sink.ContentType = "application/octet-stream"
	w.sink.Metadata = map[string]string{tokenName: w.token}
	w.sink.KMSKeyName = w.backend.options.KMSKey
	w.sink.StorageClass = w.backend.options.StorageClass
	if w.state != open {
		w.sum()
	}
	_, err := w.sink.Write(w.held)
	w.held = nil
	return err
}

// sum tells the checksum before the bytes, which is possible when all of them are
// held: the store refuses what arrived wrong. The SDK would compare afterwards,
// when the wrong object is there. An upload in chunks is refused at its end.
func (w *writer) sum() {
	w.sink.CRC32C = crc32.Checksum(w.held, crc32.MakeTable(crc32.Castagnoli))
	w.sink.SendCRC32C, w.sink.DisableAutoChecksum = true, true
}

// Commit publishes the object.
func (w *writer) Commit() error {
	if err := w.usable(); err != nil {
		return w.fail(err)
	}
	w.state = failed
	err := w.publish()
	if err == nil {
		w.generation, err = w.sink.Attrs().Generation, w.check(w.sink.Attrs().Size)
	} else {
		w.repeated = w.limit.repeated.Load()
		w.generation, err = w.settle(w.ctx, err)
	}
	if err != nil {
		return w.fail(err)
	}
	w.state = committed
	return nil
}

// publish sends what is left. What is held fits into one chunk of its own size,
// and so into one request.
func (w *writer) publish() error {
	if w.sink == nil {
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

func (w *writer) fail(err error) error { return w.backend.fail(w.op, w.key, err) }
