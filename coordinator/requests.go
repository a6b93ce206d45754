package coordinator

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/request"
)

// CheckpointKind says how much a checkpoint that somebody asks for holds.
type CheckpointKind int

// The kinds (Flink: CheckpointType of the core package).
const (
	Configured  CheckpointKind = iota // as periodic ones
	Full                              // builds on none before
	Incremental                       // may build on those before
)

var errOnlyRestores = errors.New("coordinator: it was made to restore, not to take checkpoints (Options.Checkpointing)")

// TriggerCheckpoint asks for a checkpoint beside the periodic ones. The minimum
// pause does not hold for it; the number of concurrent checkpoints does. The promise
// is kept when the checkpoint is complete.
func (c *Coordinator) TriggerCheckpoint(kind CheckpointKind) *request.Promise {
	properties := c.own
	switch kind {
	case Full:
		properties.Type = checkpoint.FullCheckpointType
	case Incremental:
		properties.Type = checkpoint.CheckpointType
	}
	return c.ask(properties, "")
}

// TriggerSavepoint asks for a savepoint in a new directory of the target, or of the
// default directory if that is empty. The format is canonical if it is empty. It does not wait for checkpoints that are
// under way, unless they are unaligned. Nobody but the user deletes it.
func (c *Coordinator) TriggerSavepoint(target string, format checkpoint.SavepointFormat) *request.Promise {
	return c.ask(c.savepoint(format, checkpoint.ActionNone), target)
}

// StopWithSavepoint asks for the savepoint with which the job ends: subtasks process
// nothing after its barrier, and finish when they hear that it is complete. With
// drain, sources first let time run to its end, so that all windows fire, and the
// job is not meant to be resumed.
func (c *Coordinator) StopWithSavepoint(target string, format checkpoint.SavepointFormat, drain bool) *request.Promise {
	action := checkpoint.ActionSuspend
	if drain {
		action = checkpoint.ActionTerminate
	}
	return c.ask(c.savepoint(format, action), target)
}

func (c *Coordinator) savepoint(format checkpoint.SavepointFormat, action checkpoint.PostCheckpointAction) checkpoint.Properties {
	return checkpoint.SavepointProperties(cmp.Or(format, checkpoint.Canonical), action, c.forced())
}

// forced says whether savepoints overtake. Where checkpoints are unaligned they do
// not: the savepoint's aligned barrier would wait behind theirs.
func (c *Coordinator) forced() bool {
	return c.opts.Checkpointing != nil && !c.opts.Checkpointing.Config.Unaligned
}

func (c *Coordinator) ask(properties checkpoint.Properties, target string) *request.Promise {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := request.New(properties, target, c.opts.Clock.Now())
	switch {
	case c.opts.Checkpointing == nil:
		r.Fail(errOnlyRestores)
	case r.Properties.Type.Savepoint && !known(r.Properties.Type.Format):
		r.Fail(fmt.Errorf("coordinator: unknown savepoint format %q: want %s or %s", r.Properties.Type.Format, checkpoint.Canonical, checkpoint.Native))
	case c.shutDown:
		r.Fail(fmt.Errorf("coordinator: %w", &checkpoint.Failure{Reason: checkpoint.CoordinatorShutdown}))
	default:
		c.submit(r)
	}
	return r.Promise()
}

// known says whether Flink could read what has that format.
func known(format checkpoint.SavepointFormat) bool {
	return format == checkpoint.Canonical || format == checkpoint.Native
}

// submit puts a request in the queue, and takes from it what may begin.
func (c *Coordinator) submit(r *request.Request) {
	c.decide(c.underway.decider.Submit(r, c.situation()))
}

// serve takes from the queue what may begin now. It is called whenever something
// ended that requests wait for.
func (c *Coordinator) serve() {
	if !c.shutDown {
		c.decide(c.underway.decider.Next(c.situation()))
	}
}

func (c *Coordinator) situation() request.Situation {
	return request.Situation{
		Now:            c.opts.Clock.Now(),
		LastCompletion: c.underway.lastCompletion,
		Triggering:     c.underway.triggering,
		Pending:        len(c.underway.taking),
		Cleaning:       c.cleaner.Cleaning(),
	}
}

func (c *Coordinator) decide(d request.Decision) {
	for _, failed := range d.Failed {
		c.refuse(failed.Request, failed.Failure)
	}
	if d.Rearm > 0 && c.underway.scheduler.running {
		c.arm(d.Rearm)
	}
	if d.Chosen != nil {
		c.underway.triggering = true
		c.opts.Executor.Go(func() { c.trigger(d.Chosen) })
	}
}

// refuse fails a request that no task has heard of. That the clock has asked in vain is
// no news while the job stops, or while checkpoints are slower than their interval.
func (c *Coordinator) refuse(r *request.Request, f *checkpoint.Failure) {
	if r.Periodic && f.Reason != checkpoint.NotAllRequiredTasksRunning && f.Reason != checkpoint.IOException {
		c.opts.Logger.Debug("periodic checkpoint left out", "reason", f.Error())
	} else {
		c.opts.Logger.Info("checkpoint not triggered", "type", r.Properties.Type.Name, "periodic", r.Periodic, "reason", f.Error())
	}
	r.Fail(fmt.Errorf("coordinator: checkpoint not triggered: %w", f))
}
