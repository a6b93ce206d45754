package sqlbackend_test

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/cairnstate/cairn/examples/sqlbackend"
	"github.com/cairnstate/cairn/storage/backend"
)

// several is the size of an object of several chunks.
const several = 3<<20 + 7

func TestSweepingASlowWriterPublishesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checkpoints.db")
	b := open(t, file)
	put(t, b, "object", []byte("old"))
	w := begin(t, b, "object", several)
	sweep(t, b, time.Now())
	if err := w.Commit(); err == nil {
		t.Error("an object whose first chunks were swept is published")
	}
	if got := get(t, b, "object"); string(got) != "old" {
		t.Errorf("the object is %d other bytes", len(got))
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	expectLeft(t, file, 0)
}

func TestSweepingAndClosingSpareWhatIsCommitted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checkpoints.db")
	b := open(t, file)
	w := begin(t, b, "object", several)
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	sweep(t, b, time.Now())
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if got := get(t, b, "object"); !bytes.Equal(got, make([]byte, several)) {
		t.Errorf("the object is %d other bytes", len(got))
	}
	expectLeft(t, file, 0)
}

func TestReplacingAndDeletingTakeTheChunksAlong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checkpoints.db")
	b := open(t, file)
	for range 2 {
		put(t, b, "object", make([]byte, several))
		expectLeft(t, file, 0)
	}
	if err := b.Delete(t.Context(), "object"); err != nil {
		t.Fatal(err)
	}
	expectLeft(t, file, 0)
}

// leftovers looks into the tables for uploads and for contents that no object names.
const leftovers = `SELECT content FROM uploads
	UNION SELECT content FROM chunks WHERE content NOT IN (SELECT content FROM objects)`

func left(ctx context.Context, file string) (contents []string, err error) {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, leftovers)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var content string
		if err := rows.Scan(&content); err != nil {
			return nil, err
		}
		contents = append(contents, content)
	}
	return contents, rows.Err()
}

func expectLeft(t *testing.T, file string, want int) {
	t.Helper()
	contents, err := left(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if len(contents) != want {
		t.Errorf("%d contents are left that no object names, want %d", len(contents), want)
	}
}

func sweep(t *testing.T, b *sqlbackend.Backend, then time.Time) {
	t.Helper()
	if err := b.Sweep(t.Context(), then); err != nil {
		t.Fatal(err)
	}
}

// begin writes zeros and does not commit.
func begin(t *testing.T, b backend.Backend, key string, size int) backend.Writer {
	t.Helper()
	w, err := b.Create(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	if _, err := w.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	return w
}

func put(t *testing.T, b backend.Backend, key string, data []byte) {
	t.Helper()
	w, err := b.Create(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, b backend.Backend, key string) []byte {
	t.Helper()
	r, err := b.Open(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
