package execution

import (
	"slices"
	"time"

	"github.com/cairnstate/cairn/coordinator/work"
)

// hand is a clock and an executor at once: nothing happens unless the test says so,
// and then one thing after the other.
type hand struct {
	work.Blocking

	now    time.Time
	queue  []func()
	timers []*handTimer
}

type handTimer struct {
	at   time.Time
	f    func()
	over bool
}

func (h *hand) Now() time.Time { return h.now }

func (h *hand) Go(f func()) { h.queue = append(h.queue, f) }

func (h *hand) AfterFunc(d time.Duration, f func()) work.Timer {
	t := &handTimer{at: h.now.Add(d), f: f}
	h.timers = append(h.timers, t)
	return t
}

func (t *handTimer) Stop() bool {
	stopped := !t.over
	t.over = true
	return stopped
}

// run does all that can be done now.
func (h *hand) run() {
	for len(h.queue) > 0 {
		f := h.queue[0]
		h.queue = h.queue[1:]
		f()
	}
}

// pass lets time pass, and then runs.
func (h *hand) pass(d time.Duration) {
	h.now = h.now.Add(d)
	for _, t := range slices.Clone(h.timers) {
		if !t.over && !t.at.After(h.now) {
			t.over = true
			t.f()
		}
	}
	h.run()
}

// waits reports how many timers are set.
func (h *hand) waits() int {
	n := 0
	for _, t := range h.timers {
		if !t.over {
			n++
		}
	}
	return n
}
