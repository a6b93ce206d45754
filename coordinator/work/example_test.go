package work_test

import (
	"fmt"

	"github.com/cairnstate/cairn/coordinator/work"
)

// An executor that is given nothing but order: whoever owns it says when.
type queue []func()

func (q *queue) Go(f func()) { *q = append(*q, f) }

func Example() {
	var later queue
	var executor work.Executor = &later
	executor.Go(func() { fmt.Println("publish") })
	fmt.Println("asked")
	later[0]()
	// Output:
	// asked
	// publish
}
