package cdk

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// tokenName has no hyphen: Azure wants names that C# would take.
const tokenName = "cairn_writer"

// Create begins to write an object.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	if err := b.check(ctx, "create", key); err != nil {
		return nil, err
	}
	w := &writer{backend: b, ctx: ctx, key: key, token: rand.Text(), ifAbsent: opts != nil && opts.IfAbsent}
	var sinkCtx context.Context
	sinkCtx, w.cancel = context.WithCancel(ctx)
	sink, err := b.sink(sinkCtx, key, &blob.WriterOptions{
		ContentType: "application/octet-stream", // or gocloud guesses one
		IfNotExist:  w.ifAbsent,
		Metadata:    map[string]string{tokenName: w.token},
	})
	if err != nil {
		w.cancel()
		return nil, b.fail("create", key, err)
	}
	w.sink = sink
	return w, nil
}

// writer turns gocloud's two endings round.
type writer struct {
	backend  *Backend
	ctx      context.Context
	cancel   context.CancelFunc // abandons the sink, if it comes before the sink's Close
	sink     io.WriteCloser
	key      string
	token    string // in the object's metadata, to know one's own work again
	ifAbsent bool
	err      error // of a Write that failed: there is a hole, so nothing may follow
	state    state
}

type state int

const (
	open  state = iota
	ended       // Commit was called, so the sink is closed
	closed
)

var errCommitted = errors.New("Commit was called before")

// Write takes p.
func (w *writer) Write(p []byte) (int, error) {
	if err := w.usable(); err != nil {
		return 0, w.fail(err)
	}
	n, err := w.sink.Write(p)
	if err != nil {
		w.err = cmp.Or(w.ctx.Err(), err)
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

// Commit publishes the object.
func (w *writer) Commit() error {
	if err := w.usable(); err != nil {
		return w.fail(err)
	}
	w.state = ended
	if err := w.settle(w.sink.Close()); err != nil {
		return w.fail(err)
	}
	return nil
}

// settle finds out what became of a publication that returned err, by reading
// whose object is there. Drivers repeat a request whose answer they did not get,
// so even a plain "no" may be the answer to the second of two requests.
func (w *writer) settle(err error) error {
	if err == nil || w.ctx.Err() != nil {
		return err
	}
	attrs, attrsErr := w.backend.bucket.Attributes(w.ctx, w.key)
	missing := gcerrors.Code(attrsErr) == gcerrors.NotFound
	switch {
	case attrsErr == nil && attrs.Metadata[tokenName] == w.token:
		return nil
	case attrsErr == nil && w.ifAbsent:
		return cause.New("the object exists already", fs.ErrExist, err)
	case attrsErr == nil:
		return err
	case missing && w.ifAbsent && gcerrors.Code(err) == gcerrors.FailedPrecondition:
		return cause.New("the object existed already, and is gone now", fs.ErrExist, err)
	case missing:
		return err
	}
	return cause.New(fmt.Sprintf("%v; whether the object was written could not be found out: %v", explain(err), explain(attrsErr)), nil, err)
}

// Close abandons what was not committed.
func (w *writer) Close() error {
	if w.state == closed {
		return nil
	}
	abandoned := w.state == open
	w.state = closed
	w.cancel()
	if abandoned {
		_ = w.sink.Close() // its error is our cancelling
	}
	return nil
}

func (w *writer) fail(err error) error { return w.backend.fail("create", w.key, err) }
