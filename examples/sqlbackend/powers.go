package sqlbackend

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// batchSize is how many keys one statement deletes.
const batchSize = 500

// DeleteAll deletes the objects, a batch in each statement.
func (b *Backend) DeleteAll(ctx context.Context, keys []string) error {
	var errs []error
	for batch := range slices.Chunk(keys, batchSize) {
		if err := b.deleteBatch(ctx, batch); err != nil {
			for _, key := range batch { // none of which is deleted
				errs = append(errs, b.fail(ctx, "delete", key, err))
			}
		}
	}
	return errors.Join(errs...)
}

func (b *Backend) deleteBatch(ctx context.Context, keys []string) error {
	places := "?" + strings.Repeat(", ?", len(keys)-1)
	args := make([]any, len(keys))
	for i, key := range keys {
		args[i] = []byte(key)
	}
	return b.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM objects WHERE key IN ("+places+")", args...)
		return err
	})
}

// Copy copies within the database. Other writers wait meanwhile.
func (b *Backend) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	err := b.change(ctx, func(tx *sql.Tx) error {
		source, err := b.find(ctx, tx, from)
		if err != nil {
			return b.fail(ctx, "copy", from, err)
		}
		content := rand.Text() // two contents never share a version
		_, err = tx.ExecContext(ctx, "INSERT INTO chunks (content, start, data) SELECT ?, start, data FROM chunks WHERE content = ?",
			content, source.Version)
		if err != nil {
			return err
		}
		return name(ctx, tx, to, content, source.Size, opts != nil && opts.IfAbsent)
	})
	if err != nil {
		return b.fail(ctx, "copy", to, err)
	}
	return nil
}

// Swap replaces the object if its content is still the old one.
func (b *Backend) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	w := &writer{ctx: ctx, backend: b, key: key, content: rand.Text(), chunk: data}
	err := check(key)
	if err == nil {
		err = b.change(ctx, func(tx *sql.Tx) error { return w.swap(tx, old) })
	}
	if err != nil {
		return "", b.fail(ctx, "swap", key, err)
	}
	return w.content, nil
}

// swap leaves it to the table which of two that saw the same comes first.
func (w *writer) swap(tx *sql.Tx, old string) error {
	size := int64(len(w.chunk))
	if size > 0 {
		if err := w.insert(tx); err != nil {
			return err
		}
	}
	if old != "" {
		return one(backend.ErrChanged)(tx.ExecContext(w.ctx, "UPDATE objects SET content = ?, size = ?, modified = ? WHERE key = ? AND content = ?",
			w.content, size, time.Now().UnixNano(), []byte(w.key), old))
	}
	err := name(w.ctx, tx, w.key, w.content, size, true)
	if errors.Is(err, fs.ErrExist) {
		return backend.ErrChanged
	}
	return err
}
