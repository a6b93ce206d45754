package request

import (
	"context"
	"sync"

	"github.com/cairnstate/cairn/coordinator/completed"
)

// Promise is the checkpoint that was asked for, when there is one. It is kept when the
// job can go back to the checkpoint; that its tasks have heard of that is not said. It
// is safe for use by many goroutines at once.
type Promise struct {
	done chan struct{}

	mu         sync.Mutex
	settled    bool
	then       []func()
	checkpoint *completed.Checkpoint
	err        error
}

func newPromise() *Promise { return &Promise{done: make(chan struct{})} }

// Done is closed once the result is there.
func (p *Promise) Done() <-chan struct{} { return p.done }

// Result returns the checkpoint, which must not be changed, or why there is none: a
// [checkpoint.Failure] as a rule. It is only called after Done.
func (p *Promise) Result() (*completed.Checkpoint, error) {
	<-p.done
	return p.checkpoint, p.err
}

// Wait waits for the result, or for the end of the context, whose cause it returns if
// there is no result by then. Giving up does not take the request back.
func (p *Promise) Wait(ctx context.Context) (*completed.Checkpoint, error) {
	select {
	case <-p.done:
		return p.checkpoint, p.err
	default:
	}
	select {
	case <-p.done:
		return p.checkpoint, p.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Then calls f when the result is there, or at once if it is. The call is made by
// whoever brings the result, under locks of theirs: it only hands on.
func (p *Promise) Then(f func()) {
	p.mu.Lock()
	settled := p.settled
	if !settled {
		p.then = append(p.then, f)
	}
	p.mu.Unlock()
	if settled {
		f()
	}
}

// settle sets the result, if there is none yet.
func (p *Promise) settle(c *completed.Checkpoint, err error) {
	p.mu.Lock()
	if p.settled {
		p.mu.Unlock()
		return
	}
	p.settled, p.checkpoint, p.err = true, c, err
	then := p.then
	p.then = nil
	p.mu.Unlock()
	close(p.done)
	for _, f := range then {
		f()
	}
}
