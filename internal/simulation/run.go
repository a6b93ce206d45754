package simulation

import (
	"errors"
	"fmt"
	"io"
	"path"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// Options change a run. The zero value is silent, and breaks nothing.
type Options struct {
	Story io.Writer // is told what happens; nil for silence
	Seams Seams     // what is broken on purpose

	// Fates, if there are any, are all that goes wrong.
	Fates []Fate
}

// Result is what a run came to.
type Result struct {
	Seed      uint64
	Digest    uint64 // of all that happened: it is the same if the same did
	Steps     int
	Leaders   int
	Completed int // checkpoints
	Simulated time.Duration
	Requests  []int      // to the disk, by leader
	Violation *Violation // nil if all invariants held
}

// Run runs one seed. It is not for parallel tests: the names of files come from a
// source of random numbers that the process has once, and that a run replaces.
func Run(t *testing.T, seed uint64, opts Options) Result {
	var result Result
	synctest.Test(t, func(*testing.T) {
		defer seedNames(seed)()
		w := newWorld(seed, opts)
		w.run()
		w.end()
		for _, l := range w.leaders {
			result.Requests = append(result.Requests, l.requests)
		}
		result = Result{Requests: result.Requests,

			Seed: seed, Digest: w.story.digest.Sum64(), Steps: w.steps, Leaders: len(w.leaders),
			Completed: w.completed, Simulated: w.now, Violation: w.wrong,
		}
	})
	return result
}

// run is the life of a job, and sometimes of another that goes on from what it left.
func (w *world) run() {
	of := shape{steps: 1 + w.random.IntN(2), lonely: w.chance(0.3)}
	w.noSwap = w.chance(0.2)
	for lives := 1; w.wrong == nil; lives++ {
		w.jobID = checkpoint.JobID{0x51, byte(lives)}
		if err := w.life(of); err != nil {
			w.violated(Progress, "no job: %v", err)
		}
		w.judgeOrphans()
		if len(w.history.user) == 0 || len(w.history.retained) > 0 || lives == mostLives || !w.chance(0.5) {
			return
		}
		n := w.history.user[w.random.IntN(len(w.history.user))]
		w.settings = coordinator.SavepointRestoreSettings{Path: scheme + "://disk/" + path.Dir(n.key), ClaimMode: w.claimMode(n)}
		w.story.tell(w.now, nil, "goes on from", fmt.Sprint(w.settings))
	}
}

const mostLives = 3

// claimMode draws one. Who claims a checkpoint that shares files with another one that
// he keeps gives that one up too, and so nobody does.
func (w *world) claimMode(n *named) coordinator.ClaimMode {
	modes := []coordinator.ClaimMode{coordinator.NoClaim, coordinator.Legacy, coordinator.Claim, coordinator.Claim}
	for _, other := range w.history.user {
		for key := range other.files {
			if _, shares := n.files[key]; shares && other != n {
				modes = modes[:2]
				break
			}
		}
	}
	return modes[w.random.IntN(len(modes))]
}

var ends = []completed.JobStatus{completed.Suspended, completed.Cancelled, completed.Finished, completed.Failed}

// life is a storm, and then order is made of what is left.
func (w *world) life(of shape) (err error) {
	w.history.begin()
	w.first = len(w.leaders) + 1
	w.calming, w.sweeping, w.over = false, false, false
	w.weather, w.danger = w.storm(), w.drawDanger()
	w.quiet = w.weather == calm && w.danger == (danger{finishes: w.danger.finishes})
	storm := w.between(10*time.Second, 40*time.Second)
	if len(w.fates) > 0 {
		w.weather, w.danger, storm = calm, danger{}, 40*time.Second
	}
	if w.job, err = w.makeJob(of); err != nil {
		return err
	}
	w.elect("the job begins")
	w.live()
	w.until(w.now + storm)
	w.calm()
	if !w.over {
		w.elect("all is calm")
		w.expectProgress()
		w.stop(completed.Suspended)
	}
	w.sweeping = true
	end := ends[w.random.IntN(len(ends))]
	w.putInOrder(end)
	for range mostSweeps {
		if end.GloballyTerminal() && w.history.recorded > 0 {
			w.over = true
			w.putInOrder(end) // what was in use at the last start is not any more
		}
	}
	return nil
}

// mostSweeps is how many more starts it may take until nothing is left.
const mostSweeps = 2

// putInOrder is a coordinator that starts only to sweep, and stops.
func (w *world) putInOrder(end completed.JobStatus) {
	w.elect("to put all in order")
	w.until(w.now + time.Minute)
	w.stop(end)
}

// calm ends all that lives, and all that goes wrong. What is on its way to the disk
// still arrives.
func (w *world) calm() {
	w.calming = true
	w.weather, w.danger = calm, danger{}
	w.killAll("the storm is over")
	w.until(w.now + time.Minute)
}

func (w *world) killAll(why string) {
	for _, p := range w.processes {
		p.kill(why)
	}
}

// stop ends the job as its last leader does it: first the tasks, then the coordinator.
func (w *world) stop(status completed.JobStatus) {
	l := w.leading()
	if w.wrong != nil {
		return
	}
	if l == nil || l.coordinator == nil || l.ended {
		w.violated(Progress, "nobody leads, and nothing had failed")
		return
	}
	for _, s := range l.deployment.all() {
		s.onDeath = nil
		s.kill("the job stops")
	}
	stopped := false
	l.spawn(0, "stops the job:", string(status), func() {
		l.ended = true
		w.history.leave(l.coordinator.Completed(), status)
		err := l.coordinator.Shutdown(l.ctx, status)
		if err != nil && !errors.Is(err, storage.ErrOutsideAllowed) { // what a claimed one used of what its job had claimed
			w.violated(Progress, "shutting down, when nothing failed: %v", err)
		}
		stopped = true
	})
	w.until(w.now + time.Minute)
	if !stopped {
		w.violated(Terminating, "%s does not come to the end of its shutdown", l.name)
	}
	l.kill("it has stopped")
	w.until(w.now + time.Minute)
}

// end leaves nothing behind that runs.
func (w *world) end() {
	w.plan = nil
	w.killAll("the run is over")
	w.plan = nil
}
