package sqlbackend

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"modernc.org/sqlite"

	"github.com/cairnstate/cairn/storage/backend"
)

// What the driver says is taken from the driver: another release may say otherwise.
func TestErrorsOfTheDriverHaveTheirKind(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checkpoints.db")
	owner := connect(t, file)
	if _, err := owner.Exec("CREATE TABLE t (x)"); err != nil {
		t.Fatal(err)
	}
	_, readOnly := connect(t, "file:"+file+"?mode=ro").Exec("DELETE FROM t")
	tx, err := owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // it only holds the lock
	if _, err := tx.Exec("DELETE FROM t"); err != nil {
		t.Fatal(err)
	}
	_, busy := connect(t, "file:"+file+"?_pragma=busy_timeout(1)").Exec("DELETE FROM t")

	for _, test := range []struct{ err, kind error }{{readOnly, fs.ErrPermission}, {busy, backend.ErrTransient}} {
		got := explain(t.Context(), test.err)
		if _, reachable := errors.AsType[*sqlite.Error](got); !errors.Is(got, test.kind) || !reachable {
			t.Errorf("%v is explained as %v, want %v and the driver's own", test.err, got, test.kind)
		}
	}
}

func connect(t *testing.T, source string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Who waits for another process's lock goes when the context ends, and says why.
func TestWaitingForTheLockEndsWithTheContext(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checkpoints.db")
	b, err := New(t.Context(), file, &Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	lock, err := connect(t, "file:"+file+"?_txlock=immediate").Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Rollback() //nolint:errcheck // it only holds the lock

	tired := errors.New("tired of waiting")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, tired)
	defer cancel()
	failed := make(chan error, 2)
	for range cap(failed) { // one waits for the lock and the other for its turn
		go func() { failed <- b.Delete(ctx, "object") }()
	}
	for range cap(failed) {
		if err := <-failed; !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, tired) {
			t.Errorf("the error of a wait that was given up is %v", err)
		}
	}
}
