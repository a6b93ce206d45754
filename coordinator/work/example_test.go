package work_test

import (
	"fmt"

	"github.com/cairnstate/cairn/coordinator/work"
)

// An executor that is given nothing but order: whoever owns it says when.
type queue struct {
	work.Blocking
	calls []func()
}

func (q *queue) Go(f func()) { q.calls = append(q.calls, f) }

func Example() {
	var later queue
	var executor work.Executor = &later
	executor.Go(func() { fmt.Println("publish") })
	fmt.Println("asked")
	later.calls[0]()
	// Output:
	// asked
	// publish
}
