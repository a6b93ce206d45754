package retry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// attempt is one try, which is abandoned when nothing moves for too long: its
// context ends, which the backend promised to heed.
type attempt struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	clock  *time.Timer
	most   time.Duration
}

var errStalled = errors.New("nothing moved")

func (b *retrying) attempt(ctx context.Context) *attempt {
	a := &attempt{most: b.options.Progress}
	a.ctx, a.cancel = context.WithCancelCause(ctx)
	if a.most > 0 {
		a.clock = time.AfterFunc(a.most, func() { a.cancel(errStalled) })
	}
	return a
}

// moving starts the clock anew, resting stops it: the caller does something else.
func (a *attempt) moving() {
	if a.clock != nil {
		a.clock.Reset(a.most)
	}
}

func (a *attempt) resting() {
	if a.clock != nil {
		a.clock.Stop()
	}
}

func (a *attempt) close() {
	a.resting()
	a.cancel(nil)
}

// told returns the error of the attempt. What failed because it was abandoned is
// transient.
func (a *attempt) told(op, key string, err error) error {
	if err == nil || !a.stalled() {
		return err
	}
	return &backend.Error{Backend: "retry", Op: op, Key: key,
		Err: fmt.Errorf("%w: %w for %s, so the try was abandoned", backend.ErrTransient, errStalled, a.most)}
}

func (a *attempt) stalled() bool { return errors.Is(context.Cause(a.ctx), errStalled) }

// try does what can be done twice until it succeeds or patience ends.
func try[T any](ctx context.Context, b *retrying, op, key string, do func(*attempt) (T, error)) (T, error) {
	p := b.patience(ctx, op, key)
	for {
		a := b.attempt(ctx)
		v, err := do(a)
		a.close()
		if err == nil {
			return v, nil
		}
		if err := p.again(a.told(op, key, err)); err != nil {
			return v, err
		}
	}
}
