package sqlbackend_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/examples/sqlbackend"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/stack"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestConformance(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checkpoints.db")
	storagetest.Run(t, func(t *testing.T) backend.Backend { return open(t, file) })
}

// Programs put retries and limits around a backend. It must be right in there, too.
func TestConformanceInTheStack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checkpoints.db")
	storagetest.RunWith(t, facts(file), func(t *testing.T) backend.Backend {
		stacked, err := stack.Wrap(open(t, file), "sqlite", nil)
		if err != nil {
			t.Fatal(err)
		}
		return stacked
	})
}

// facts are what the kit cannot find out by itself.
func facts(file string) *storagetest.Options {
	return &storagetest.Options{
		Connect: func(ctx context.Context) (backend.Backend, error) {
			return sqlbackend.New(ctx, file, nil)
		},
		Leftovers: func(ctx context.Context, _ string) ([]string, error) {
			return left(ctx, file)
		},
		Break: func(ctx context.Context, broken bool) error { return hide(ctx, file, broken) },
	}
}

// hide gives the table of chunks another name, or its own again.
func hide(ctx context.Context, file string, hidden bool) error {
	rename := "ALTER TABLE chunks RENAME TO hidden"
	if !hidden {
		rename = "ALTER TABLE hidden RENAME TO chunks"
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, rename)
	return errors.Join(err, db.Close())
}

// open opens the database in the file, with connections of its own.
func open(t *testing.T, file string) *sqlbackend.Backend {
	t.Helper()
	b, err := sqlbackend.New(t.Context(), file, &sqlbackend.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}
