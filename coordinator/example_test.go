package coordinator_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"path/filepath"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

// A savepoint that real Flink took of four subtasks is restored into two, and the
// first of them reads its state.
func Example() {
	ctx := context.Background()
	counts, err := job.New(job.Vertex{
		Name:        "counts",
		Parallelism: 2,
		Operators:   []job.Operator{{ID: checkpoint.OperatorIDFromUID("keyed-counts-石"), UID: "keyed-counts-石"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	var registry backend.Registry
	registry.Register(fs.Open, "file")
	local, err := storage.New(&registry, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer local.Close()

	c, err := coordinator.New(counts, local, nil)
	if err != nil {
		log.Fatal(err)
	}
	restored, err := c.RestoreSavepoint(ctx, coordinator.SavepointRestoreSettings{
		Path:                  bundledSavepoint(),
		AllowNonRestoredState: true, // of the job's other operators
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("checkpoint %d restored, the next is %d\n", restored.CheckpointID, restored.NextCheckpointID)

	first := restored.Assignment.Vertices[0].Subtask(0)
	fmt.Printf("subtask %d owns key groups %s\n", first.Subtask, first.KeyGroups)
	read := 0
	// Whole files of old subtasks: key groups of other new ones are in them too.
	for handle := range first.Operators[0].Streams() {
		state, err := restored.Open(ctx, handle)
		if err != nil {
			log.Fatal(err)
		}
		if bytes, err := io.ReadAll(state); err != nil || len(bytes) == 0 {
			log.Fatal("no state: ", err)
		}
		state.Close()
		read++
	}
	fmt.Printf("it read the state of %d old subtasks\n", read)
	if err := c.Shutdown(ctx, completed.Suspended); err != nil {
		log.Fatal(err)
	}
	// Output:
	// checkpoint 1 restored, the next is 2
	// subtask 0 owns key groups [0, 63]
	// it read the state of 2 old subtasks
}

func bundledSavepoint() string {
	found, err := filepath.Glob("../testdata/flink/2.3.0/hashmap-savepoint/savepoint-*")
	if err != nil || len(found) != 1 {
		log.Fatalf("want one savepoint, found %v: %v", found, err)
	}
	return found[0]
}
