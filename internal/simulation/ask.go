package simulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

var (
	errCrashed = errors.New("the process has crashed")
	errLost    = fmt.Errorf("%w: a request or its answer was lost", backend.ErrTransient)
)

// question is one thing that a process asks of the disk. It arrives, and has its
// effect; later its answer arrives, if there still is somebody to hear it.
type question struct {
	of     *process
	ctx    context.Context
	verb   string
	key    string
	effect func() error

	sleeper *sleeper
	err     error // what the store said
	lost    bool  // what the process hears is that it was lost
	late    bool  // and after that it arrives
}

// ask makes a request and waits for its answer. What is asked by several goroutines
// in one step is not in order; see [world.settle].
func (p *process) ask(ctx context.Context, verb, key string, effect func() error) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	r := &question{of: p, ctx: ctx, verb: verb, key: key, effect: effect}
	w := p.world
	w.mu.Lock()
	if p.dead {
		w.mu.Unlock()
		return errCrashed
	}
	r.sleeper = &sleeper{wake: make(chan struct{})}
	w.inbox = append(w.inbox, r)
	w.mu.Unlock()
	<-r.sleeper.wake
	switch {
	case r.sleeper.killed:
		return errCrashed
	case context.Cause(ctx) != nil:
		return context.Cause(ctx)
	case r.lost:
		return errLost
	}
	return r.err
}

func (w *world) takeInbox() []*question {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.inbox
	w.inbox = nil
	if len(asked) > 1 {
		slices.SortFunc(asked, func(a, b *question) int {
			return cmp.Or(strings.Compare(a.of.name, b.of.name), strings.Compare(a.verb, b.verb), strings.Compare(a.key, b.key))
		})
	}
	return asked
}

// dispatch decides what becomes of a request.
func (w *world) dispatch(r *question) {
	p := r.of
	p.asleep = append(p.asleep, r.sleeper)
	p.requests++
	there, back := w.latency(), w.latency()
	arrives := true
	if w.chance(w.weather.cutOff) {
		p.cutOff = w.now + w.between(100*time.Millisecond, 5*time.Second)
		w.story.tell(w.now, p, "is cut off from the disk", "")
	}
	switch f := w.random.Float64(); {
	case p.cutOff > w.now:
		arrives, r.lost = f < 0.5, true
	case f < w.weather.requestLost:
		arrives, r.lost = false, true
	case f < w.weather.requestLost+w.weather.answerLost:
		r.lost = true
	case f < w.weather.requestLost+w.weather.answerLost+w.weather.requestLate:
		r.lost, r.late = true, true
		there, back = there+w.between(0, 20*time.Second), w.between(0, time.Second)-there
	}
	if p.requests == p.doom.request {
		if p.doom.freeze > 0 {
			p.freeze(p.doom.freeze)
			if !p.doom.arrives { // it stopped before it had sent it
				there += p.doom.freeze
			}
		} else {
			arrives = p.doom.arrives
			w.after(0, p, "is doomed", r.verb+" "+r.key, func() { p.kill("at its request " + r.verb + " " + r.key) })
		}
	}
	if arrives {
		w.after(there, nil, r.verb, r.key+" of "+p.name, r.arrive)
	}
	w.after(max(there+back, 0), p, "hears of", r.verb+" "+r.key, func() { p.wakeUp(r.sleeper) })
}

// arrive has the effect. Whose context has ended changes nothing any more.
func (r *question) arrive() {
	if err := context.Cause(r.ctx); err != nil {
		r.err = err
		return
	}
	r.of.world.disk.late = r.late || r.of.dead
	r.err = r.effect()
}

func (w *world) latency() time.Duration {
	if w.chance(w.weather.slow) {
		return w.between(0, 3*time.Second)
	}
	return w.between(time.Millisecond, 20*time.Millisecond)
}
