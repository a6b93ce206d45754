package state_test

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task/state"
)

// A subtask counts words of its own key groups.
func Example() {
	backend := state.New(128, checkpoint.KeyGroups(64, 127))
	counts, err := state.Keyed(backend, "counts", state.StringKey(), state.Int64())
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		n, _ := counts.Get("stone")
		counts.Put("stone", n+1)
	}
	n, there := counts.Get("stone")
	fmt.Println("stone", n, there, "in key group", state.StringKey().Group("stone", 128))
	// Output: stone 3 true in key group 79
}
