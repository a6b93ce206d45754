package coordinator

import (
	"context"
	"errors"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// What is not the job's will not be the next time either.
func TestWhatMayNotBeDeletedIsNotLeft(t *testing.T) {
	var host mem.Host
	var registry backend.Registry
	registry.Register(host.Open, "mem")
	st, err := storage.New(&registry, nil)
	if err != nil {
		t.Fatal(err)
	}
	access, err := st.CreateCheckpointStorage(t.Context(), checkpoint.JobID{1}, "mem://world/ck", &storage.AccessOptions{AllowVolatile: true})
	if err != nil {
		t.Fatal(err)
	}
	own := access.JobDirectory() + "/shared/mine"
	for path, want := range map[string]int{"mem://world/another/shared/theirs": 0, own: 1} {
		ctx, cancel := context.WithCancel(t.Context())
		if want > 0 {
			cancel() // as if the store did not answer
		}
		var left *LeftError
		err := discarder{access}.discard(ctx, Garbage{SharedState: []sharedstate.Deletion{{Path: path}}})
		if !errors.As(err, &left) || len(left.Left.SharedState) != want {
			t.Errorf("discarding %s ends with %v, which leaves %+v; want %d", path, err, left, want)
		}
		cancel()
	}
}
