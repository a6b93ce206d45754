package coordinator

import (
	"errors"
	"sync"
)

// join returns what is to be called once by each of so many, and calls then, with
// their joined errors, when the last has; at once if there are none. Nobody waits: a
// goroutine that waits for others is what a simulation, which has but one, could not
// run.
func (c *Coordinator) join(calls int, then func(error)) func(error) {
	if calls == 0 {
		then(nil)
		return nil
	}
	var mu sync.Mutex
	var errs []error
	return func(err error) {
		mu.Lock()
		errs = append(errs, err)
		last := len(errs) == calls
		mu.Unlock()
		if last {
			c.opts.Executor.Go(func() { then(errors.Join(errs...)) })
		}
	}
}
