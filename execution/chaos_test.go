package execution

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/task"
)

// chaos is a rig to which anything happens at any time, by a seed.
type chaos struct {
	*rig
	random  *rand.Rand
	started []string // names of attempts that have not ended
	stops   []*Stopping

	periodicRuns bool
	shutdowns    int
}

// Whatever happens, and in whatever order its parts are done: the tasks of a region are
// of one generation, no attempt begins before the one before it has ended, checkpoints
// are taken by the clock while the job runs and not else, and there is one end.
func TestChaos(t *testing.T) {
	ends := map[JobStatus]int{}
	for seed := range uint64(2000) {
		c := &chaos{rig: newRig(t, &FixedDelay{Attempts: 5, Delay: time.Second}), random: rand.New(rand.NewPCG(seed, 5))}
		if err := c.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 300 {
			c.something()
			if err := c.wrong(); err != nil {
				t.Fatalf("seed %d: %s\n%s", seed, err, strings.Join(c.story, "\n"))
			}
		}
		ends[c.windDown(seed)]++
	}
	for _, status := range []JobStatus{Finished, Cancelled, Failed, Suspended} {
		if ends[status] < 20 {
			t.Errorf("%d of the jobs are %s: the test does not try much; all: %v", ends[status], status, ends)
		}
	}
}

// something lets one thing happen: mostly a step of what is to be done.
func (c *chaos) something() {
	c.collect()
	switch n := c.random.IntN(400); {
	case n < 240:
		c.step()
	case n < 330:
		c.update(task.Running)
	case n < 345:
		c.update(task.Finished)
	case n < 355:
		c.update(task.Failed)
	case n < 357:
		c.FailGlobal(errBroken)
	case n < 360:
		c.FailTask(c.subtasks[c.random.IntN(len(c.subtasks))].current.id, errBroken)
	case n < 385:
		c.wait(time.Duration(c.random.IntN(700)) * time.Millisecond)
	case n < 387:
		c.restoreErr = []error{nil, nil, errBroken, completed.ErrFenced}[c.random.IntN(4)]
	case n < 392:
		c.stops = append(c.stops, c.StopWithSavepoint("", checkpoint.Canonical, true))
	case n < 396 && c.savepoint != nil:
		if c.random.IntN(2) == 0 {
			c.savepoint.Complete(taken)
		}
		c.savepoint.Fail(errBroken)
	case n == 396 && c.random.IntN(3) == 0:
		c.Cancel()
	case n == 397 && c.random.IntN(3) == 0:
		c.Suspend(errBroken)
	}
}

// step does one of the things that are to be done, not always the first.
func (c *chaos) step() {
	if len(c.queue) == 0 {
		return
	}
	i := c.random.IntN(len(c.queue))
	f := c.queue[i]
	c.queue = slices.Delete(c.queue, i, i+1)
	f()
}

// wait lets time pass, and does not run what that brings.
func (c *chaos) wait(d time.Duration) {
	queued := c.queue
	c.queue = nil
	c.now = c.now.Add(d)
	for _, t := range slices.Clone(c.timers) {
		if !t.over && !t.at.After(c.now) {
			t.over = true
			t.f()
		}
	}
	c.queue = append(queued, c.queue...)
}

// update has one of the attempts that live tell something.
func (c *chaos) update(state task.State) {
	if len(c.started) == 0 {
		return
	}
	i := c.random.IntN(len(c.started))
	name := c.started[i]
	if state.Terminal() {
		c.started = slices.Delete(c.started, i, i+1)
	}
	c.UpdateTaskState(c.tasks[name].id, state, errBroken)
}

// collect finds out from the story which attempts have begun, and has those end soon
// that are to.
func (c *chaos) collect() {
	for _, line := range c.story {
		if name, ok := strings.CutPrefix(line, "deploy "); ok {
			c.started = append(c.started, strings.Fields(name)[0])
		}
		if name, ok := strings.CutPrefix(line, "cancel "); ok && slices.Contains(c.started, name) {
			c.started = slices.DeleteFunc(c.started, func(s string) bool { return s == name })
			c.UpdateTaskState(c.tasks[name].id, []task.State{task.Canceled, task.Finished, task.Failed}[c.random.IntN(3)], nil)
		}
		if strings.Contains(line, "scheduler") {
			c.periodicRuns = line == "start scheduler"
		}
		if strings.HasPrefix(line, "shut down") {
			c.shutdowns++
		}
	}
	c.story = nil
}

// wrong says what is not as it should be.
func (c *chaos) wrong() error {
	c.collect()
	live := map[string]int{}
	for _, name := range c.started {
		name, _, _ = strings.Cut(name, "#")
		live[name]++
	}
	for name, n := range live {
		if n > 1 {
			return fmt.Errorf("%d attempts of %s live", n, name)
		}
	}
	for _, s := range c.subtasks {
		if first := s.region.subtasks[0]; first.current.id.Attempt != s.current.id.Attempt {
			return fmt.Errorf("a region of two generations: %s", c.states())
		}
	}
	if c.periodicRuns && c.Status() != Running {
		return fmt.Errorf("checkpoints are taken while the job is %s", c.Status())
	}
	if c.Status() == Running && len(c.stops) == 0 && !c.periodicRuns {
		return errors.New("no checkpoints are taken while the job runs")
	}
	return nil
}

// windDown lets all that has begun end, and returns how the job did.
func (c *chaos) windDown(seed uint64) JobStatus {
	c.restoreErr = nil
	for range 10 {
		c.run()
		if c.savepoint != nil {
			c.savepoint.Fail(errBroken)
		}
		c.pass(time.Second)
		c.collect()
	}
	if !c.Status().Terminal() {
		if c.Status() != Running || len(c.started) == 0 {
			c.t.Fatalf("seed %d: the job is %s, tasks %s", seed, c.Status(), c.states())
		}
		for len(c.started) > 0 {
			c.update(task.Finished)
			c.run()
			c.collect()
		}
	}
	for range 3 {
		c.run()
		c.collect()
	}
	for _, s := range c.stops {
		<-s.Done()
	}
	if status, _ := c.Result(); c.shutdowns != 1 || c.waits() != 0 || c.live != 0 {
		c.t.Fatalf("seed %d: %s; %d shutdowns, %d timers, %d tasks", seed, status, c.shutdowns, c.waits(), c.live)
	}
	return c.Status()
}
