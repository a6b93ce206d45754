package work_test

import (
	"fmt"
	"sync"

	"github.com/cairnstate/cairn/coordinator/work"
)

// An executor that is given nothing but order: whoever owns it says when.
type queue []func()

func (q *queue) Go(f func())          { *q = append(*q, f) }
func (q *queue) NewLock() sync.Locker { return new(sync.Mutex) }

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
