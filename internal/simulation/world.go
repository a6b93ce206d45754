package simulation

import (
	"math/rand/v2"
	"sync"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
)

// world is one run: everything that is, and what will happen to it. All of it is
// touched by one goroutine at a time, but for inbox.
type world struct {
	random *rand.Rand
	now    time.Duration
	plan   queue
	order  uint64
	steps  int
	story  *story
	disk   *disk
	wrong  *Violation // the first

	weather  weather
	danger   danger
	noSwap   bool // the disk does not swap: the record is numbered files
	seams    Seams
	fates    []Fate
	job      *theJob
	jobID    checkpoint.JobID
	settings coordinator.SavepointRestoreSettings
	history  *history

	processes []*process
	leaders   []*leader
	first     int             // leader of this life
	asked     []asked         // promises
	calming   bool            // the storm is over
	over      bool            // the job has finished
	quiet     bool            // nothing goes wrong in this life
	late      map[string]bool // what was written after the end of a job
	overAt    time.Duration   // who writes from then on is late
	overBy    int             // the leader who stopped it; tasks of others may still run
	sweeping  bool            // the last leader deploys nothing
	completed int             // checkpoints

	mu    sync.Mutex
	inbox []*question // guarded by mu; asked in this step
}

func newWorld(seed uint64, opts Options) *world {
	w := &world{random: rand.New(rand.NewPCG(seed, 0x6361_6972_6e)), story: newStory(opts.Story), seams: opts.Seams, fates: opts.Fates, late: make(map[string]bool)}
	w.disk = &disk{world: w, objects: make(map[string]*object)}
	w.history = newHistory(w)
	return w
}

// after plans an event. What happens to a dead process does not happen.
func (w *world) after(d time.Duration, of *process, what, about string, do func()) *event {
	w.order++
	e := &event{at: w.now + d, order: w.order, of: of, what: what, about: about, do: do}
	w.plan.add(e)
	return e
}

// step lets the next event happen, and returns when nothing moves any more. It
// reports whether there was one.
func (w *world) step() bool {
	e := w.plan.next()
	if e == nil {
		return false
	}
	if e.off || e.of != nil && e.of.dead {
		return true
	}
	if e.of != nil && e.of.frozen > e.at {
		e.at = e.of.frozen
		w.plan.add(e)
		return true
	}
	w.now = e.at
	w.steps++
	w.story.tell(w.now, e.of, e.what, e.about)
	e.done = true
	e.do()
	w.settle()
	return true
}

// settle waits until nothing runs, and hands what was asked of the store over to
// it, in an order that no scheduler of goroutines has a say in.
func (w *world) settle() {
	for {
		synctest.Wait()
		asked := w.takeInbox()
		if len(asked) == 0 {
			return
		}
		for _, r := range asked {
			w.dispatch(r)
		}
	}
}

// mostSteps is many times what a run takes.
const mostSteps = 200_000

// until lets things happen for so long, or until something is wrong.
func (w *world) until(end time.Duration) {
	for w.wrong == nil && len(w.plan) > 0 && w.plan[0].at <= end {
		w.step()
		if w.steps > mostSteps {
			w.violated(Terminating, "%d steps, and no end", w.steps)
		}
	}
	w.now = max(w.now, end)
}

// chance is true with the probability.
func (w *world) chance(p float64) bool { return p > 0 && w.random.Float64() < p }

// between draws a duration.
func (w *world) between(low, high time.Duration) time.Duration {
	return low + time.Duration(w.random.Int64N(int64(high-low)+1))
}
