package simulation

import (
	"context"
	"slices"
	"testing/synctest"
	"time"
)

// process is what dies as one: a coordinator, or an attempt of a subtask. Its
// goroutines run one at a time; between two steps all of them sleep.
type process struct {
	world  *world
	name   string
	leader int // its number, or that of the one who deployed it
	dead   bool
	frozen time.Duration // until then nothing happens to it: it is a zombie

	cutOff time.Duration // until then it hears nothing from the disk

	asleep   []*sleeper
	requests int  // to the store
	doom     doom // what becomes of it at one of them
	onDeath  func()

	// ctx is for what the process does in one call and waits for in some other way
	// than by sleeping; it ends with the process.
	ctx context.Context
	end context.CancelFunc
}

// doom is what happens to a process at the n-th request that it makes of the store;
// nothing if n is 0.
type doom struct {
	request int
	freeze  time.Duration // 0: it crashes
	arrives bool          // the request does, though nobody waits for its answer
}

func (w *world) newProcess(name string) *process {
	p := &process{world: w, name: name}
	p.ctx, p.end = context.WithCancel(context.Background())
	w.processes = append(w.processes, p)
	return p
}

// spawn calls f in a goroutine of the process, after a while.
func (p *process) spawn(d time.Duration, what, about string, f func()) *event {
	if p.dead {
		return &event{}
	}
	return p.world.after(d, p, what, about, func() { go f() })
}

// sleeper is a goroutine that waits for the world.
type sleeper struct {
	wake   chan struct{}
	killed bool // the process is dead: nothing that it does has an effect any more
}

func (p *process) fallAsleep() *sleeper {
	s := &sleeper{wake: make(chan struct{})}
	p.asleep = append(p.asleep, s)
	return s
}

// wakeUp lets the goroutine go on. It is called in an event.
func (p *process) wakeUp(s *sleeper) {
	p.asleep = slices.DeleteFunc(p.asleep, func(other *sleeper) bool { return other == s })
	close(s.wake)
}

// kill ends the process. Its goroutines go on in a dream, one after another, in which
// every request fails and no word is heard, until all have ended: nothing may be left
// when the run is over. It is called in an event.
func (p *process) kill(why string) {
	if p.dead {
		return
	}
	p.world.story.tell(p.world.now, p, "dies:", why)
	p.dead = true
	p.end()
	synctest.Wait()
	for len(p.asleep) > 0 {
		s := p.asleep[0]
		s.killed = true
		p.wakeUp(s)
		synctest.Wait()
	}
	if p.onDeath != nil {
		p.onDeath()
	}
}

// freeze stops the process for a while. It does not notice.
func (p *process) freeze(d time.Duration) {
	p.frozen = p.world.now + d
	p.world.story.tell(p.world.now, p, "freezes", d.String())
}
