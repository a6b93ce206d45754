package execution

import (
	"testing"
	"time"
)

func TestFixedDelay(t *testing.T) {
	f := &FixedDelay{Attempts: 2, Delay: time.Minute}
	for i, want := range []bool{true, true, false, false} {
		if wait, again := f.Failed(time.Unix(0, 0), nil); again != want || wait != time.Minute {
			t.Errorf("failure %d: %s, %t", i+1, wait, again)
		}
	}
}

func TestExponentialDelay(t *testing.T) {
	e := &ExponentialDelay{Initial: time.Second, Max: 5 * time.Second, Multiplier: 2, Reset: time.Minute, Attempts: 5}
	now := time.Unix(0, 0)
	for i, step := range []struct {
		later, wait time.Duration
		again       bool
	}{
		{0, time.Second, true},
		{400 * time.Millisecond, 600 * time.Millisecond, true}, // within the wait: the same failure
		{600 * time.Millisecond, 2 * time.Second, true},
		{3 * time.Second, 4 * time.Second, true},
		{5 * time.Second, 5 * time.Second, true}, // not above the maximum
		{5*time.Second + time.Minute, time.Second, true},
		{2 * time.Second, 2 * time.Second, true},
		{3 * time.Second, 4 * time.Second, true},
		{5 * time.Second, 5 * time.Second, true},
		{6 * time.Second, 5 * time.Second, true},
		{6 * time.Second, 5 * time.Second, false},
	} {
		now = now.Add(step.later)
		if wait, again := e.Failed(now, nil); wait != step.wait || again != step.again {
			t.Errorf("failure %d: %s, %t; want %s, %t", i+1, wait, again, step.wait, step.again)
		}
	}
}

func TestJitter(t *testing.T) {
	for random, want := range map[float64]time.Duration{0: 900 * time.Millisecond, 0.5: time.Second, 0.75: 1050 * time.Millisecond} {
		e := DefaultExponentialDelay()
		e.Random = func() float64 { return random }
		if wait, _ := e.Failed(time.Unix(0, 0), nil); wait.Round(time.Millisecond) != want {
			t.Errorf("%v of 1 s: %s, want %s", random, wait, want)
		}
	}
	if wait, again := DefaultExponentialDelay().Failed(time.Unix(0, 0), nil); !again || wait < 900*time.Millisecond || wait > 1100*time.Millisecond {
		t.Errorf("by default: %s, %t", wait, again)
	}
}

// Without a choice a job with periodic checkpoints restarts, and another fails.
func TestDefaultStrategy(t *testing.T) {
	for periodic, want := range map[bool]JobStatus{true: Restarting, false: Failing} {
		r := newRig(t, nil)
		r.periodic = periodic
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.run()
		r.report("sink.0#0", "FAILED")
		if r.Status() != want {
			t.Errorf("periodic %t: the job is %s", periodic, r.Status())
		}
	}
}
