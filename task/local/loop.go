package local

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/task"
	"github.com/cairnstate/cairn/task/barrier"
)

// loop does what comes, mail first, until the attempt has nothing more to do.
func (a *attempt) loop() error {
	for !a.over() {
		if err := context.Cause(a.ctx); err != nil {
			return err
		}
		if mail := a.mail.take(); mail != nil {
			if err := mail(); err != nil {
				return err
			}
			continue
		}
		if err := a.step(); err != nil {
			return err
		}
	}
	return a.lastMail()
}

// over reports whether the attempt may end. Checkpoints that began meanwhile are waited
// for by the coordinator, so it ends behind its producers, whose barriers may be under
// way.
func (a *attempt) over() bool {
	switch {
	case !a.ended:
		return false
	case a.gate == nil || a.stopFor != 0:
		return true
	}
	return a.gate.Ended() && len(a.held) == 0
}

// lastMail lets no more mail come, and takes part in what has begun.
func (a *attempt) lastMail() error {
	for _, mail := range a.mail.close() {
		if err := mail(); err != nil {
			return err
		}
	}
	return nil
}

// step processes a record, or waits.
func (a *attempt) step() error {
	switch {
	case a.stopFor != 0 || a.gate == nil && a.input == dry:
		a.wait(nil)
		return nil
	case a.gate == nil:
		return a.pull()
	}
	event, ok := a.gate.Poll()
	switch {
	case ok:
		return a.handle(&event)
	case a.input == flowing && a.gate.Drained():
		return a.finish()
	case a.gate.Ended() && len(a.held) > 0:
		return a.takeHeld()
	case a.over():
		return nil
	}
	a.wait(a.gate.Wake())
	return nil
}

func (a *attempt) wait(records <-chan struct{}) {
	select {
	case <-a.mail.wake():
	case <-records:
	case <-a.ctx.Done():
	}
}

// pull has the source emit. It is called away by mail.
func (a *attempt) pull() error {
	until := a.mail.untilMail(a.ctx)
	switch err := a.chain[0].Next(until); {
	case errors.Is(err, io.EOF):
		return a.finish()
	case err != nil && until.Err() != nil && errors.Is(err, context.Canceled):
		return nil
	case err != nil:
		return fmt.Errorf("local: %s: %w", a.chain[0].name, err)
	}
	return nil
}

func (a *attempt) handle(event *barrier.Event[any]) error {
	switch {
	case event.Snapshot != nil:
		return a.snapshot(event.Snapshot.Barrier, event.Snapshot.Metrics)
	case event.Aborted != nil:
		return a.passOver(event.Aborted)
	}
	if err := a.chain[0].Process(a.ctx, event.Record); err != nil {
		return fmt.Errorf("local: %s: %w", a.chain[0].name, err)
	}
	return nil
}

// passOver is a checkpoint that not all barriers will come of.
func (a *attempt) passOver(aborted *barrier.Aborted) error {
	if aborted.Cause != nil {
		a.decline(aborted.CheckpointID, aborted.Cause)
	}
	return a.sendAll(element{Kind: barrier.Cancellation, ID: aborted.CheckpointID})
}

// finish is the end of the records. Consumers are told at once, and so all can take part
// in one last checkpoint, which lets out what they hold back.
func (a *attempt) finish() error {
	for _, op := range a.chain {
		if err := op.Finish(a.ctx); err != nil {
			return fmt.Errorf("local: finish %s: %w", op.name, err)
		}
	}
	a.input = dry
	settings := &a.runtime.graph.Checkpointing.Coordinator
	a.ended = !settings.Periodic() || !settings.AfterTasksFinish
	return a.sendAll(element{Kind: barrier.Drained})
}

// takeHeld takes the checkpoints that were to start here, now that nothing comes before
// their barriers any more.
func (a *attempt) takeHeld() error {
	held := a.held
	a.held = nil
	for _, b := range held {
		if err := a.snapshot(b, task.Metrics{}); err != nil {
			return err
		}
	}
	return nil
}
