package sqlbackend

import (
	"context"
	"crypto/rand"
	"database/sql"
	"io/fs"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// Create begins to write an object. The database hears of it when a chunk is full,
// or at Commit.
func (b *Backend) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	err := check(key)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, b.fail(ctx, "create", key, err)
	}
	w := &writer{ctx: ctx, backend: b, key: key, content: rand.Text()}
	w.ifAbsent = opts != nil && opts.IfAbsent
	return w, nil
}

// writer writes a content that nothing names until Commit.
type writer struct {
	ctx      context.Context
	backend  *Backend
	key      string
	ifAbsent bool
	content  string // its id
	chunk    []byte // what is not in the database yet
	staged   int64  // the number of bytes that are, or may be
	ended    error  // why nothing can be written any more; nil while it can
}

func (w *writer) Write(p []byte) (n int, err error) {
	for len(p) > n {
		if len(w.chunk) == chunkSize {
			w.fold(w.backend.change(w.ctx, w.stage))
		}
		if err := w.usable(); err != nil {
			return n, err
		}
		part := min(len(p)-n, chunkSize-len(w.chunk))
		w.chunk = append(w.chunk, p[n:n+part]...)
		n += part
	}
	return n, w.usable()
}

// fold ends the writer after a failure: a gap must not be published by a caller
// who did not look.
func (w *writer) fold(err error) {
	if w.ended == nil {
		w.ended = err
	}
}

func (w *writer) usable() error {
	err := w.ended
	if err == nil {
		err = w.ctx.Err()
	}
	if err != nil {
		return w.backend.fail(w.ctx, "create", w.key, err)
	}
	return nil
}

// stage puts the chunk where nobody looks. An upload is told of by a row, so that
// what it leaves can be found.
func (w *writer) stage(tx *sql.Tx) error {
	if w.staged == 0 {
		_, err := tx.ExecContext(w.ctx, "INSERT INTO uploads (content, key, begun) VALUES (?, ?, ?)",
			w.content, []byte(w.key), time.Now().UnixNano())
		if err != nil {
			return err
		}
	}
	return w.insert(tx)
}

func (w *writer) insert(tx *sql.Tx) error {
	_, err := tx.ExecContext(w.ctx, "INSERT INTO chunks (content, start, data) VALUES (?, ?, ?)", w.content, w.staged, w.chunk)
	w.staged, w.chunk = w.staged+int64(len(w.chunk)), w.chunk[:0]
	return err
}

// Commit names the content, in one transaction with its last chunk. A small object
// is written by that alone.
func (w *writer) Commit() error {
	if err := w.usable(); err != nil {
		return err
	}
	err := w.backend.change(w.ctx, w.publish)
	w.ended = errClosed
	if err != nil {
		return w.backend.fail(w.ctx, "create", w.key, err)
	}
	w.staged = 0 // Close has nothing to discard
	return nil
}

func (w *writer) publish(tx *sql.Tx) error {
	if w.staged > 0 {
		if err := claim(w.ctx, tx, w.content); err != nil {
			return err
		}
	}
	if len(w.chunk) > 0 {
		if err := w.insert(tx); err != nil {
			return err
		}
	}
	return name(w.ctx, tx, w.key, w.content, w.staged, w.ifAbsent)
}

// claim takes the upload out of the sweeper's reach, if it did not come first.
func claim(ctx context.Context, tx *sql.Tx, content string) error {
	return one(errSwept)(tx.ExecContext(ctx, "DELETE FROM uploads WHERE content = ?", content))
}

// name makes the object be the content. The key is unique in the table, so of any
// number of transactions that add it one does; looking first would let two.
func name(ctx context.Context, tx *sql.Tx, key, content string, size int64, ifAbsent bool) error {
	conflict := "DO UPDATE SET content = excluded.content, size = excluded.size, modified = excluded.modified"
	if ifAbsent {
		conflict = "DO NOTHING"
	}
	return one(fs.ErrExist)(tx.ExecContext(ctx, "INSERT INTO objects (key, content, size, modified) VALUES (?, ?, ?, ?) ON CONFLICT (key) "+conflict,
		[]byte(key), content, size, time.Now().UnixNano()))
}

// one makes it an error that a statement changed nothing.
func one(otherwise error) func(sql.Result, error) error {
	return func(result sql.Result, err error) error {
		if err != nil {
			return err
		}
		changed, err := result.RowsAffected()
		if err == nil && changed == 0 {
			err = otherwise
		}
		return err
	}
}

// Close abandons what was not committed, whatever the context says: it is our own
// dirt. If a Commit took effect although it failed, there is no upload to discard,
// and the object stays.
func (w *writer) Close() error {
	w.fold(errClosed)
	if w.chunk = nil; w.staged == 0 {
		return nil
	}
	w.staged = 0
	if err := w.backend.discard(context.WithoutCancel(w.ctx), "content = ?", w.content); err != nil {
		return w.backend.fail(w.ctx, "abandon", w.key, err)
	}
	return nil
}
