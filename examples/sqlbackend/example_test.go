package sqlbackend_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"path"
	"path/filepath"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/examples/sqlbackend"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

// A savepoint that real Flink took of four subtasks moves into a database, and is
// restored from there into three. Nothing above the backend knows of SQL.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "sqlbackend")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	// The scheme, and how the store named flink is reached.
	var registry backend.Registry
	registry.Register(sqlbackend.Open, "sqlite")
	params := url.Values{"file": {filepath.Join(dir, "flink.db")}, "create": {"true"}}
	checkpoints, err := storage.New(&registry, &storage.Options{Locations: []string{"sqlite://flink?" + params.Encode()}})
	if err != nil {
		log.Fatal(err)
	}
	defer checkpoints.Close()

	// What writes holds the backend, and needs to know no more of it than its limits.
	database, err := registry.Open(ctx, backend.Root{Scheme: "sqlite", Authority: "flink", Params: params})
	if err != nil {
		log.Fatal(err)
	}
	defer database.Close()
	if err := backend.Require(database, backend.ExclusiveCreate, backend.Durability); err != nil {
		log.Fatal(err)
	}
	if err := move(ctx, bundledSavepoint(), database, "savepoints/one"); err != nil {
		log.Fatal(err)
	}

	counts, err := job.New(job.Vertex{
		Name:        "counts",
		Parallelism: 3,
		Operators:   []job.Operator{{ID: checkpoint.OperatorIDFromUID("keyed-counts-石"), UID: "keyed-counts-石"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	c, err := coordinator.New(counts, checkpoints, nil)
	if err != nil {
		log.Fatal(err)
	}
	restored, err := c.RestoreSavepoint(ctx, coordinator.SavepointRestoreSettings{
		Path:                  "sqlite://flink/savepoints/one",
		AllowNonRestoredState: true, // of the job's other operators
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("restored from", restored.Location().ExternalPointer())
	for i := range int32(3) {
		subtask := restored.Assignment.Vertices[0].Subtask(i)
		files, size := 0, int64(0)
		for handle := range subtask.Operators[0].Streams() {
			n, err := read(ctx, restored, handle)
			if err != nil {
				log.Fatal(err)
			}
			files, size = files+1, size+n
		}
		fmt.Printf("subtask %d: key groups %s, in %d files of %d bytes\n", i, subtask.KeyGroups, files, size)
	}
	if err := c.Shutdown(ctx, completed.Suspended); err != nil {
		log.Fatal(err)
	}
	// Output:
	// restored from sqlite://flink/savepoints/one
	// subtask 0: key groups [0, 42], in 2 files of 11492 bytes
	// subtask 1: key groups [43, 85], in 2 files of 10940 bytes
	// subtask 2: key groups [86, 127], in 2 files of 11484 bytes
}

// move copies the files of a directory below a key: the metadata last, since it is
// what makes them a savepoint, and only if it is not there yet.
func move(ctx context.Context, dir string, to backend.Backend, below string) error {
	from, err := fs.New(dir)
	if err != nil {
		return err
	}
	defer from.Close()
	for info, err := range from.List(ctx, "") {
		if err != nil {
			return err
		}
		if info.Key == storage.MetadataFileName {
			continue
		}
		if err := transfer(ctx, from, info.Key, to, path.Join(below, info.Key)); err != nil {
			return err
		}
	}
	return transfer(ctx, from, storage.MetadataFileName, to, path.Join(below, storage.MetadataFileName))
}

func transfer(ctx context.Context, from backend.Backend, key string, to backend.Backend, as string) error {
	r, err := from.Open(ctx, key, nil)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := to.Create(ctx, as, &backend.CreateOptions{IfAbsent: true})
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := io.Copy(w, r); err != nil {
		return err
	}
	return w.Commit()
}

func read(ctx context.Context, restored *coordinator.Restored, handle checkpoint.StreamStateHandle) (int64, error) {
	state, err := restored.Open(ctx, handle)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(io.Discard, state)
	return n, errors.Join(err, state.Close())
}

func bundledSavepoint() string {
	found, err := filepath.Glob("../../testdata/flink/2.3.0/hashmap-savepoint/savepoint-*")
	if err != nil || len(found) != 1 {
		log.Fatalf("want one savepoint, found %v: %v", found, err)
	}
	return found[0]
}
