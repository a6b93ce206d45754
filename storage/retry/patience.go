package retry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/cairnstate/cairn/storage/backend"
)

// patience is what is left of it for one step of one call.
type patience struct {
	ctx      context.Context
	options  *Options
	op, key  string
	failures int // since there was progress
	pauses   backoff.ExponentialBackOff
}

func (b *retrying) patience(ctx context.Context, op, key string) *patience {
	return &patience{ctx: ctx, options: &b.options, op: op, key: key, pauses: backoff.ExponentialBackOff{
		// Full jitter: between nothing and twice the interval. Clients that failed
		// together do not come back together.
		RandomizationFactor: 1,
		InitialInterval:     b.options.FirstPause / 2,
		MaxInterval:         b.options.LongestPause / 2,
		Multiplier:          2,
	}}
}

// progressed makes patience new.
func (p *patience) progressed() {
	p.failures = 0
	p.pauses.Reset()
}

// again waits and returns nil if the step is to be tried again; else what the caller
// is told.
func (p *patience) again(err error) error {
	if p.ctx.Err() != nil {
		return p.ended(err)
	}
	if !passing(err) {
		return err
	}
	if p.failures++; p.failures >= p.options.Attempts {
		if p.failures == 1 {
			return err
		}
		return annotate(err, fmt.Sprintf("tried %d times", p.failures))
	}
	pause := p.pauses.NextBackOff()
	if errors.Is(err, backend.ErrThrottled) {
		pause *= time.Duration(p.options.Throttled)
	}
	return p.wait(pause, err)
}

func (p *patience) wait(pause time.Duration, err error) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-p.ctx.Done():
		return p.ended(err)
	}
}

// ended says that the caller's time is over, and what stood in the way until then.
func (p *patience) ended(err error) error {
	cause := context.Cause(p.ctx)
	if err == nil || errors.Is(err, cause) && !momentary(err) {
		return err
	}
	return &backend.Error{Backend: "retry", Op: p.op, Key: p.key, Err: fmt.Errorf("%w; the last try failed: %w", cause, err)}
}

// passing says whether the error may pass if one waits.
func passing(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return momentary(err) || ok && timeout.Timeout()
}

func momentary(err error) bool {
	return errors.Is(err, backend.ErrThrottled) || errors.Is(err, backend.ErrTransient)
}

// annotate adds to what an error says, and leaves it an error of its backend.
func annotate(err error, says string) error {
	if typed, ok := err.(*backend.Error); ok { //nolint:errorlint // one within others is part of their text
		outer := *typed
		outer.Err = fmt.Errorf("%w (%s)", typed.Err, says)
		return &outer
	}
	return fmt.Errorf("%w (%s)", err, says)
}
