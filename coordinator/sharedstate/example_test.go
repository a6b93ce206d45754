package sharedstate_test

import (
	"fmt"

	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// Two checkpoints share a file. When only the second is kept, what it does not
// use may go.
func Example() {
	registry := sharedstate.New()
	_ = registry.Register(owned(1, shared("s3://b/shared/000001.sst", "s3://b/shared/000002.sst")))
	_ = registry.Register(owned(2, shared("s3://b/shared/000002.sst", "s3://b/shared/000003.sst")))

	for _, deletion := range registry.UnregisterUnused(2).Deletions {
		fmt.Println(deletion.Path)
	}
	// Output: s3://b/shared/000001.sst
}
