package sqlbackend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/cairnstate/cairn/storage/backend"
)

// scheme is the name of the backend in errors.
const scheme = "sqlite"

var (
	errClosed = fmt.Errorf("the writer is ended: %w", fs.ErrClosed)
	errSwept  = errors.New("what was written is gone: it was swept, as it took so long")
)

// fail wraps an error once, where operation and key are known.
func (b *Backend) fail(ctx context.Context, op, key string, err error) error {
	if _, told := errors.AsType[*backend.Error](err); told {
		return err
	}
	return &backend.Error{Backend: scheme, Op: op, Key: key, Root: b.name, Err: explain(ctx, err)}
}

// explain gives an error the sentinels that callers look for. The driver's own
// error stays reachable.
func explain(ctx context.Context, err error) error {
	failed, isDriver := errors.AsType[*sqlite.Error](err)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fs.ErrNotExist
	case ctx.Err() != nil && (isDriver || errors.Is(err, ctx.Err()) || errors.Is(err, sql.ErrTxDone)):
		return ended(ctx) // the driver only says that it was interrupted
	case isDriver:
		return kind(failed.Code(), err)
	}
	return err
}

func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}

// kind sorts errors of SQLite by what the caller can do: try again, ask for
// permission, or read the message.
func kind(code int, err error) error {
	switch code & 0xff { // the rest says more than a caller wants to know
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", backend.ErrTransient, err)
	case codes.SQLITE_READONLY, codes.SQLITE_PERM, codes.SQLITE_AUTH:
		return fmt.Errorf("%w: %w", fs.ErrPermission, err)
	}
	return err
}
