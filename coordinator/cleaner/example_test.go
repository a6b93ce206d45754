package cleaner_test

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/coordinator/cleaner"
	"github.com/cairnstate/cairn/coordinator/work"
)

// Whoever gives a checkpoint up goes on at once, and is told when it is gone.
func Example() {
	var executor work.Goroutines
	cleaning := cleaner.New(&executor, 2)
	slow, gone := make(chan bool), make(chan error)
	remove := func(context.Context) error { <-slow; return nil }
	cleaning.Clean("checkpoint 7", remove, func(err error) { gone <- err })
	fmt.Println("going on, with", cleaning.Cleaning(), "to clean")
	close(slow)
	fmt.Println("gone:", <-gone)
	fmt.Println(cleaning.Wait(context.Background()), cleaning.Cleaning())
	// Output:
	// going on, with 1 to clean
	// gone: <nil>
	// <nil> 0
}
