package retry

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// Create begins to write the object, and keeps what is written while it is small, so
// that it can begin anew.
func (b *retrying) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	w := &writer{b: b, ctx: ctx, key: key, opts: opts, ifAbsent: opts != nil && opts.IfAbsent,
		whole: b.options.Buffer > 0, patience: b.patience(ctx, "create", key)}
	if err := w.create(); err != nil {
		return nil, err
	}
	return w, nil
}

type writer struct {
	b        *retrying
	ctx      context.Context
	key      string
	opts     *backend.CreateOptions
	ifAbsent bool
	patience *patience

	written content
	kept    []byte // all of it, while whole
	whole   bool

	attempt *attempt
	within  backend.Writer
	over    bool // committed, or abandoned
}

// create begins to write, until that succeeds or patience ends.
func (w *writer) create() error {
	for {
		w.attempt = w.b.attempt(w.ctx)
		within, err := w.b.Through.Create(w.attempt.ctx, w.key, w.opts)
		w.attempt.resting()
		if err == nil {
			w.within = within
			return nil
		}
		err = w.attempt.told("create", w.key, err)
		w.attempt.close()
		if err := w.patience.again(err); err != nil {
			return err
		}
	}
}

// write writes once.
func (w *writer) write(p []byte) (int, error) {
	w.attempt.moving()
	n, err := w.within.Write(p)
	w.attempt.resting()
	return n, w.attempt.told("create", w.key, err)
}

func (w *writer) Write(p []byte) (int, error) {
	for {
		n, err := w.write(p)
		if err == nil {
			w.keep(p)
			return n, nil
		}
		if !w.whole || w.over {
			return n, err
		}
		if err := w.restart(err); err != nil {
			return 0, err
		}
	}
}

// keep remembers what was written, and how to tell it from other things.
func (w *writer) keep(p []byte) {
	_, _ = w.written.Write(p) // a hash takes all
	w.whole = w.whole && len(w.kept)+len(p) <= w.b.options.Buffer
	if !w.whole {
		w.kept = nil
		return
	}
	w.kept = append(w.kept, p...)
}

// restart waits, abandons what was written, and writes it again.
func (w *writer) restart(err error) error {
	for {
		if err := w.patience.again(err); err != nil {
			return err
		}
		w.within.Close()
		w.attempt.close()
		if err := w.create(); err != nil {
			return err
		}
		if len(w.kept) == 0 {
			return nil
		}
		if _, err = w.write(w.kept); err == nil {
			return nil
		}
	}
}

// Commit publishes. An answer that got lost is settled by reading.
func (w *writer) Commit() error {
	if w.over {
		return w.within.Commit() // which says what is wrong with that
	}
	doubt := false
	for {
		err := w.commit()
		if err == nil || !inDoubt(err, doubt, fs.ErrExist) {
			w.over = err == nil
			return err
		}
		if w.ctx.Err() != nil {
			return w.patience.ended(err)
		}
		doubt = true
		again, err := w.b.settle(w.ctx, "create", w.key, &w.written, w.ifAbsent, err)
		if !again {
			w.over = err == nil
			return err
		}
		if !w.whole {
			return annotate(err, fmt.Sprintf("the object is not there; more than %d bytes are not kept to be written again", w.b.options.Buffer))
		}
		if err := w.restart(err); err != nil {
			return err
		}
	}
}

// commit commits once. What is large may take its time.
func (w *writer) commit() error {
	if w.whole {
		w.attempt.moving()
	}
	err := w.within.Commit()
	w.attempt.resting()
	return w.attempt.told("create", w.key, err)
}

// Close abandons what was not committed, and cleans up after a try that was settled.
func (w *writer) Close() error {
	w.over = true
	err := w.within.Close()
	w.attempt.close()
	return err
}
