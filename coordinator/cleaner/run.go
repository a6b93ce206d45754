package cleaner

import (
	"context"
	"fmt"
)

// begin has the executor run the deletion, which has a place.
func (c *Cleaner) begin(d deletion) {
	c.executor.Go(func() {
		err := c.delete(d)
		c.leave()
		if d.done != nil {
			d.done(err)
		}
		c.told()
	})
}

func (c *Cleaner) delete(d deletion) error {
	err := context.Cause(c.ctx)
	if err == nil {
		err = d.work(c.ctx)
	}
	if err != nil {
		return fmt.Errorf("clean up %s: %w", d.name, err)
	}
	return nil
}

// leave gives the place to the next that waits. It does so by the executor, and not in
// a loop, so that whoever decides what runs next has a say between any two.
func (c *Cleaner) leave() {
	c.mu.Lock()
	c.cleaning--
	if len(c.waiting) == 0 {
		c.running--
		c.mu.Unlock()
		return
	}
	next := c.waiting[0]
	c.waiting[0] = deletion{} // what it refers to may be large
	c.waiting = c.waiting[1:]
	c.mu.Unlock()
	c.begin(next)
}

func (c *Cleaner) told() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	c.wake()
}
