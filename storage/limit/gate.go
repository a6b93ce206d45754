package limit

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// gate is what calls wait at. A nil part has no limit.
type gate struct {
	calls    *semaphore.Weighted
	readers  *semaphore.Weighted
	requests *rate.Limiter
	bytes    *rate.Limiter
	budgets  *budgets
}

func newGate(opts *Options) *gate {
	g := new(gate)
	if opts.Calls > 0 {
		g.calls = semaphore.NewWeighted(int64(opts.Calls))
	}
	if opts.Readers > 0 {
		g.readers = semaphore.NewWeighted(int64(opts.Readers))
	}
	g.requests, g.bytes = limiter(opts.Requests), limiter(opts.Bytes)
	if opts.Budget != nil {
		g.budgets = newBudgets(*opts.Budget)
	}
	return g
}

// limiter allows a second's worth at once.
func limiter(perSecond float64) *rate.Limiter {
	if perSecond == 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond)))
}

// around lets the call happen when all limits let it. What makes others wait, a slot,
// is taken last.
func (g *gate) around(c *around.Call, do func() error) error {
	if free(c.Op) {
		return g.finish(c, do())
	}
	if err := g.wait(c); err != nil {
		return err
	}
	err := do()
	if !piece(c.Op) {
		g.release(g.calls)
	}
	if g.budgets != nil {
		g.budgets.learn(c, err)
	}
	return g.finish(c, g.moved(c, err))
}

// free says that nobody waits for what gives something back.
func free(op around.Op) bool {
	return op == around.Close || op == around.Abort || op == around.Stop || op == around.Shut
}

// piece says that the call is part of a download or an upload, which has the slot that
// it would wait for.
func piece(op around.Op) bool { return op == around.Receive || op == around.Send }

func (g *gate) wait(c *around.Call) error {
	n := requests(c)
	if err := spend(c, g.requests, n, "requests per second"); err != nil {
		return err
	}
	if g.budgets != nil {
		if err := g.budgets.spend(c, n); err != nil {
			return err
		}
	}
	if c.Op == around.Write || c.Op == around.Swap {
		if err := spend(c, g.bytes, len(c.Data), "bytes per second"); err != nil {
			return err
		}
	}
	if c.Op == around.Open {
		if err := acquire(c, g.readers, "readers at once"); err != nil {
			return err
		}
	}
	if piece(c.Op) {
		return nil
	}
	err := acquire(c, g.calls, "calls at once")
	if err != nil && c.Op == around.Open {
		g.release(g.readers)
	}
	return err
}

// finish gives back the place of a reader that was not opened, or is closed.
func (g *gate) finish(c *around.Call, err error) error {
	if c.Op == around.Open && err != nil || c.Op == around.Close && err == nil {
		g.release(g.readers)
	}
	return err
}

// moved waits after the bytes that came, or were taken to be sent: how many they are
// was not known before.
func (g *gate) moved(c *around.Call, err error) error {
	switch {
	case err != nil:
		return err
	case c.Op == around.Read, c.Op == around.Receive:
		return spend(c, g.bytes, int(c.N), "bytes per second")
	case c.Op == around.Send:
		return spend(c, g.bytes, int(c.First), "bytes per second")
	}
	return nil
}

func acquire(c *around.Call, slots *semaphore.Weighted, what string) error {
	if slots == nil {
		return nil
	}
	return told(c, slots.Acquire(c.Context, 1), what)
}

func (g *gate) release(slots *semaphore.Weighted) {
	if slots != nil {
		slots.Release(1)
	}
}

// spend waits for n in pieces that the limiter gives at once. How many those are may
// become fewer meanwhile.
func spend(c *around.Call, from *rate.Limiter, n int, what string) error {
	for from != nil && n > 0 {
		piece := min(n, from.Burst())
		err := from.WaitN(c.Context, piece)
		if err == nil {
			n -= piece
		} else if piece <= from.Burst() {
			return told(c, err, what)
		}
	}
	return nil
}

// told says what a call was waiting for when its time was over, or would have been.
func told(c *around.Call, err error, what string) error {
	if err == nil {
		return nil
	}
	cause := context.Cause(c.Context)
	if cause == nil { // it would have been over before its turn came
		cause = context.DeadlineExceeded
	}
	if errors.Is(err, cause) {
		err = cause
	} else {
		err = fmt.Errorf("%w (%w)", cause, err)
	}
	return &backend.Error{Backend: "limit", Op: string(c.Op), Key: c.Key, Err: fmt.Errorf("while waiting for its turn, for the limit of %s: %w", what, err)}
}
