package storagetest_test

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// An operator asks a store whether it keeps the promises that checkpoints need.
// In a test it is storagetest.Run instead.
func Example() {
	store := new(mem.Backend)
	broken := 0
	for _, check := range storagetest.Checks() {
		if err := check.Verify(context.Background(), store, "trial"); err != nil {
			fmt.Printf("%s: %v\n", check.Name, err)
			broken++
		}
	}
	fmt.Println("broken promises:", broken)
	// Output: broken promises: 0
}
