package coordinator

import (
	"errors"
	"fmt"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// scheduler triggers checkpoints by the clock. It is guarded by the coordinator's
// lock.
type scheduler struct {
	running bool
	timer   work.Timer
	round   int // of the timer: one that was stopped too late knows itself by it
	next    time.Time
	backlog map[checkpoint.OperatorID]bool
}

// ErrNotPeriodic says that the job has no interval to trigger checkpoints at.
var ErrNotPeriodic = errors.New("periodic checkpoints are not configured")

// StartCheckpointScheduler begins to trigger checkpoints: the first one after a
// random time between the minimum pause and the interval, lest all jobs of a cluster
// write at once. It is called when the job has begun to run. Started twice, it
// begins anew, and what was under way is given up.
func (c *Coordinator) StartCheckpointScheduler() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	ends := c.ends()
	switch {
	case c.opts.Checkpointing == nil:
		return errOnlyRestores
	case ends != nil:
		return fmt.Errorf("coordinator: start periodic checkpoints: %w", ends)
	case !c.opts.Checkpointing.Config.Periodic():
		return ErrNotPeriodic
	}
	if c.underway.scheduler.running {
		c.stopScheduler()
	}
	c.underway.scheduler.running = true
	config := &c.opts.Checkpointing.Config
	c.arm(c.opts.Checkpointing.spread(config.MinPause, config.Interval))
	return nil
}

// StopCheckpointScheduler ends periodic checkpoints and gives up all that is queued
// or under way, savepoints too, as [checkpoint.CoordinatorSuspend]. It is called
// when the job leaves the state in which it runs.
func (c *Coordinator) StopCheckpointScheduler() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opts.Checkpointing != nil {
		c.stopScheduler()
	}
}

func (c *Coordinator) stopScheduler() {
	c.underway.scheduler.running = false
	c.disarm()
	c.abortAll(&checkpoint.Failure{Reason: checkpoint.CoordinatorSuspend})
}

// SetProcessingBacklog says that a source has begun or ended to work off a backlog,
// during which checkpoints come at another interval.
func (c *Coordinator) SetProcessingBacklog(operator checkpoint.OperatorID, backlog bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opts.Checkpointing == nil {
		return
	}
	s := &c.underway.scheduler
	if backlog {
		if s.backlog == nil {
			s.backlog = make(map[checkpoint.OperatorID]bool)
		}
		s.backlog[operator] = true
	} else {
		delete(s.backlog, operator)
	}
	interval := c.interval()
	if s.running && interval != checkpointing.Disabled && (s.next.IsZero() || c.opts.Clock.Now().Add(interval).Before(s.next)) {
		c.arm(interval)
	}
}

// interval is the one that holds now.
func (c *Coordinator) interval() time.Duration {
	config := &c.opts.Checkpointing.Config
	if len(c.underway.scheduler.backlog) > 0 {
		return config.IntervalDuringBacklog
	}
	return config.Interval
}

// arm sets the timer anew.
func (c *Coordinator) arm(delay time.Duration) {
	c.disarm()
	s := &c.underway.scheduler
	if delay == checkpointing.Disabled {
		return
	}
	round := s.round
	s.next = c.opts.Clock.Now().Add(delay)
	s.timer = c.opts.Clock.AfterFunc(delay, func() { c.tick(round) })
}

func (c *Coordinator) disarm() {
	s := &c.underway.scheduler
	if s.timer != nil {
		s.timer.Stop()
	}
	s.round++
	s.timer, s.next = nil, time.Time{}
}

// tick asks for a checkpoint and sets the timer for the next.
func (c *Coordinator) tick(round int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &c.underway.scheduler
	if !s.running || s.round != round {
		return
	}
	c.arm(c.interval())
	c.submit(request.NewPeriodic(c.own, c.opts.Clock.Now()))
}
