package completed_test

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// A store that retains one checkpoint keeps two behind a savepoint: the next
// incremental checkpoint builds on the one, and the user asked for the other.
func Example() {
	store, _ := completed.NewDeque(1)
	ctx := context.Background()
	_, _ = store.Add(ctx, &completed.Checkpoint{ID: 1, Properties: checkpoint.CheckpointProperties(checkpoint.RetainOnFailure)})
	_, _ = store.Add(ctx, &completed.Checkpoint{ID: 2, Properties: checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, false)})
	fmt.Println(len(store.All()), "kept")

	subsumed, _ := store.Add(ctx, &completed.Checkpoint{ID: 3, Properties: checkpoint.CheckpointProperties(checkpoint.RetainOnFailure)})
	fmt.Println(len(store.All()), "kept,", len(subsumed), "pushed out")
	// Output:
	// 2 kept
	// 1 kept, 2 pushed out
}
