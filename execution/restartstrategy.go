package execution

import (
	"errors"
	"math"
	"math/rand/v2"
	"time"
)

// ErrUnrecoverable in the cause of a failure says that starting again would be of no
// use; the job fails (Flink: SuppressRestartsException).
var ErrUnrecoverable = errors.New("restarting will not help")

// RestartStrategy decides whether what failed is started again (Flink:
// RestartBackoffTimeStrategy). It is asked by one goroutine at a time, and belongs to
// one graph.
type RestartStrategy interface {
	// Failed is told of each failure, and says how long to wait before the tasks are
	// started again, or that the job has failed.
	Failed(at time.Time, cause error) (wait time.Duration, restart bool)
}

// NoRestart lets the first failure be that of the job.
type NoRestart struct{}

// Failed says no.
func (NoRestart) Failed(time.Time, error) (time.Duration, bool) { return 0, false }

// FixedDelay starts again so many times, after the same time each. Its zero value
// never does.
type FixedDelay struct {
	Attempts int
	Delay    time.Duration

	failed int
}

// Failed counts.
func (f *FixedDelay) Failed(time.Time, error) (time.Duration, bool) {
	f.failed = min(f.failed, math.MaxInt-1) + 1
	return f.Delay, f.failed <= f.Attempts
}

// ExponentialDelay waits longer each time, until the job has run well for a while.
// [DefaultExponentialDelay] returns what Flink has where nothing is chosen.
type ExponentialDelay struct {
	Initial    time.Duration
	Max        time.Duration
	Multiplier float64
	Jitter     float64       // the share of the wait by which it may be longer or shorter
	Reset      time.Duration // without a failure, after which the wait is Initial again
	Attempts   int           // between resets; 0 for as many as it takes

	// Random is in [0, 1), and nil for the system's.
	Random func() float64

	current time.Duration
	until   time.Time // of the wait
	count   int
}

// DefaultExponentialDelay waits from a second to a minute, and never gives up.
func DefaultExponentialDelay() *ExponentialDelay {
	return &ExponentialDelay{Initial: time.Second, Max: time.Minute, Multiplier: 1.5, Jitter: 0.1, Reset: time.Hour}
}

// Failed lengthens the wait. Failures during a wait are one with that which began it:
// several regions often fail for the same reason.
func (e *ExponentialDelay) Failed(at time.Time, _ error) (time.Duration, bool) {
	if at.Before(e.until) {
		return e.until.Sub(at), e.goesOn()
	}
	if e.count == 0 || at.Sub(e.until) >= e.Reset {
		e.current, e.count = e.Initial, 0
	} else {
		e.current = time.Duration(min(float64(e.current)*e.Multiplier, float64(e.Max)))
	}
	e.count++
	wait := e.jitter()
	e.until = at.Add(wait)
	return wait, e.goesOn()
}

func (e *ExponentialDelay) goesOn() bool { return e.Attempts == 0 || e.count <= e.Attempts }

func (e *ExponentialDelay) jitter() time.Duration {
	random := e.Random
	if random == nil {
		random = rand.Float64
	}
	return e.current + time.Duration(float64(e.current)*e.Jitter*(2*random()-1))
}

// chooseStrategy is Flink's choice where there is no other.
func (g *Graph) chooseStrategy() {
	switch {
	case g.strategy != nil:
	case g.periodic:
		g.strategy = DefaultExponentialDelay()
	default:
		g.strategy = NoRestart{}
	}
}
