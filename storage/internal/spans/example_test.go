package spans_test

import (
	"fmt"

	"github.com/cairnstate/cairn/storage/internal/spans"
)

// Two parts are read, and the second one again, with what follows it.
func Example() {
	var set spans.Set
	fmt.Println(set.Add(8, 8), set.Add(0, 8), set.Add(8, 10), set.Sum())
	// Output:
	// 8 8 2 18
}
