package storagetest_test

import (
	"context"
	"errors"
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
		err := check.Verify(context.Background(), store, &storagetest.Options{Below: "trial"})
		if err != nil && !errors.Is(err, storagetest.ErrNotPromised) {
			fmt.Printf("%s: %v\n", check.Name, err)
			broken++
		}
	}
	fmt.Println("broken promises:", broken)
	// Output: broken promises: 0
}
