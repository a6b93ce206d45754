package sqlbackend

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// Backend keeps objects in a database. It is safe for use by many goroutines and
// processes at once.
type Backend struct {
	db   *sql.DB
	name string // for people
	// turn is held by the goroutine that writes: SQLite has one writer at a time, and
	// who queues here notices when its context ends.
	turn chan struct{}
}

// All that the backend can do.
var _ interface {
	backend.Backend
	backend.Limited
	backend.BatchDeleter
	backend.Copier
	backend.Swapper
} = (*Backend)(nil)

// maxKey is the largest length of a key, as on S3 and GCS: checkpoints that are
// here can move there.
const maxKey = 1024

// Limits are what the database does not do.
func (*Backend) Limits() backend.Limits { return backend.Limits{MaxKey: maxKey} }

// Stat describes the object.
func (b *Backend) Stat(ctx context.Context, key string) (backend.Info, error) {
	info, err := b.find(ctx, b.db, key)
	if err != nil {
		return backend.Info{}, b.fail(ctx, "stat", key, err)
	}
	return info, nil
}

// asker is a database, or a transaction in it.
type asker interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// find describes the object; the version is the id of its content.
func (b *Backend) find(ctx context.Context, in asker, key string) (backend.Info, error) {
	if err := check(key); err != nil {
		return backend.Info{}, err
	}
	info, modified := backend.Info{Key: key}, int64(0)
	err := in.QueryRowContext(ctx, "SELECT content, size, modified FROM objects WHERE key = ?", []byte(key)).
		Scan(&info.Version, &info.Size, &modified)
	info.ModTime = time.Unix(0, modified)
	return info, err
}

// check refuses keys that could not be stored elsewhere, in words: a key that is
// cut short would be another object's.
func check(key string) error {
	switch {
	case !backend.ValidKey(key):
		return fmt.Errorf("%w: a key is names joined by single slashes, none of them empty or dots alone", fs.ErrInvalid)
	case len(key) > maxKey:
		return fmt.Errorf("%w: a key has at most %d bytes", fs.ErrInvalid, maxKey)
	}
	return nil
}

// Delete removes the object. The trigger removes its chunks.
func (b *Backend) Delete(ctx context.Context, key string) error {
	err := b.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM objects WHERE key = ?", []byte(key))
		return err
	})
	if err != nil {
		return b.fail(ctx, "delete", key, err)
	}
	return nil
}

// change runs a transaction that writes, when it is its turn. What do does is true
// as a whole or not at all, for this process and for others.
func (b *Backend) change(ctx context.Context, do func(tx *sql.Tx) error) error {
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Sweep removes what writers left that began before then and were killed. Choose a
// time that no living writer can have begun at; one that did fails at Commit.
func (b *Backend) Sweep(ctx context.Context, then time.Time) error {
	if err := b.discard(ctx, "begun < ?", then.UnixNano()); err != nil {
		return b.fail(ctx, "sweep", "", err)
	}
	return nil
}

// discard removes uploads, and only what is one: the content of an object is not.
func (b *Backend) discard(ctx context.Context, which string, arg any) error {
	return b.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM chunks WHERE content IN (SELECT content FROM uploads WHERE "+which+")", arg)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM uploads WHERE "+which, arg)
		return err
	})
}

// Close closes the connections.
func (b *Backend) Close() error { return b.db.Close() }
