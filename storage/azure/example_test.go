package azure_test

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/storage/azure"
	"github.com/cairnstate/cairn/storage/backend"
)

// A program that knows Azure says so, and is told what a location looks like.
func Example() {
	var registry backend.Registry
	registry.Register(azure.Opener(nil), azure.Schemes()...)

	_, err := registry.Open(context.Background(), backend.Root{Scheme: "abfss", Authority: "checkpoints"})
	fmt.Println(err)
	// Output: abfss: configure: a location is abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/path, or wasbs:// with blob in the place of dfs
}
