package coordinator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/pending"
	"github.com/cairnstate/cairn/task"
)

var _ task.Responder = (*Coordinator)(nil)

// AcknowledgeCheckpoint takes a subtask's part of a checkpoint (Flink:
// receiveAcknowledgeMessage). It reports whether the checkpoint is being taken, or
// expired not long ago. The last part completes the checkpoint, beside the caller.
//
// A message may come twice or too late. State is discarded only if it is certain
// that nothing refers to it: that the checkpoint was given up here, or that the
// attempt never belonged to it.
func (c *Coordinator) AcknowledgeCheckpoint(ctx context.Context, ack task.Acknowledgement) (known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.listens(ctx, ack.Job, ack.CheckpointID) {
		return false
	}
	t := c.underway.taking[ack.CheckpointID]
	state, err := c.registerAcknowledged(t, &ack)
	if t == nil {
		return c.acknowledgedLate(ctx, &ack, state)
	}
	if err != nil {
		c.abort(t, &checkpoint.Failure{Reason: checkpoint.CheckpointDeclined, Cause: fmt.Errorf("task %s: %w", ack.Attempt, err)}, true)
		c.discardStates(t.ending(), operatorStates(ack.State))
		return true
	}
	switch result := t.AcknowledgeTask(ack.Attempt, state); result {
	case pending.Success:
		c.acknowledged(ctx, t, &ack)
	case pending.Duplicate:
		c.logAbout(&ack).DebugContext(ctx, "acknowledged twice")
	default:
		c.logAbout(&ack).WarnContext(ctx, "acknowledged by a task that has no part in it", "result", result)
		c.discardStates(t.ending(), operatorStates(state))
	}
	return true
}

// listens reports whether a message concerns this coordinator.
func (c *Coordinator) listens(ctx context.Context, job checkpoint.JobID, id int64) bool {
	ck := c.opts.Checkpointing
	if ck == nil || c.shutDown || c.fenced != nil {
		return false
	}
	if job != ck.Job {
		c.opts.Logger.ErrorContext(ctx, "message of another job", "checkpoint", id, "job", job, "want", ck.Job)
		return false
	}
	return true
}

// registerAcknowledged registers the files that a task shares between checkpoints,
// and puts the handles in the place of placeholders. Late ones too: their files go
// when newer checkpoints have moved on. An error keeps it from no file: the registry must
// know them to delete them. Savepoints share nothing.
func (c *Coordinator) registerAcknowledged(t *taking, ack *task.Acknowledgement) (*task.Snapshot, error) {
	if ack.State == nil || t != nil && t.savepoint() {
		return ack.State, nil
	}
	if _, aborted := c.underway.ended.aborted(ack.CheckpointID); t == nil && !aborted {
		return ack.State, nil
	}
	state := ack.State
	var errs []error
	for id, s := range ack.State.Operators {
		registered, err := c.registry.RegisterAcknowledged(ack.CheckpointID, s)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if registered == s {
			continue
		}
		if state == ack.State { // the message is not changed
			state = &task.Snapshot{TaskDeployedAsFinished: state.TaskDeployedAsFinished, TaskFinished: state.TaskFinished, Operators: maps.Clone(state.Operators)}
		}
		state.Operators[id] = registered
	}
	return state, errors.Join(errs...)
}

// logAbout returns the log in which everything is about one acknowledgement. There
// are thousands of them a second: it is made only for those that have a story.
func (c *Coordinator) logAbout(ack *task.Acknowledgement) *slog.Logger {
	return c.opts.Logger.With("checkpoint", ack.CheckpointID, "task", ack.Attempt.String())
}

func (c *Coordinator) acknowledged(ctx context.Context, t *taking, ack *task.Acknowledgement) {
	if c.opts.Logger.Enabled(ctx, slog.LevelDebug) {
		c.logAbout(ack).DebugContext(ctx, "acknowledged", "duration", c.opts.Clock.Now().Sub(t.Triggered()))
	}
	c.reportAcknowledged(t, ack)
	for _, oc := range c.coordinators {
		oc.coordinator.Acknowledged(t.ID(), ack.Attempt)
	}
	c.completeIfAcknowledged(t)
}

// acknowledgedLate deals with the part of a checkpoint that is not being taken.
func (c *Coordinator) acknowledgedLate(ctx context.Context, ack *task.Acknowledgement, state *task.Snapshot) bool {
	end, aborted := c.underway.ended.aborted(ack.CheckpointID)
	if !aborted {
		c.logAbout(ack).DebugContext(ctx, "acknowledged, but not being taken")
		return false
	}
	c.logAbout(ack).InfoContext(ctx, "acknowledged too late", "ended", end.failure.Reason)
	c.discardStates(end, operatorStates(state))
	return end.failure.Reason == checkpoint.CheckpointExpired
}

func operatorStates(s *task.Snapshot) []*checkpoint.OperatorSubtaskState {
	if s == nil {
		return nil
	}
	states := make([]*checkpoint.OperatorSubtaskState, 0, len(s.Operators))
	for _, state := range s.Operators {
		if state != nil {
			states = append(states, state)
		}
	}
	return states
}

// DeclineCheckpoint gives up a checkpoint because a subtask cannot take part (Flink:
// receiveDeclineMessage). One that is not being taken is passed over.
func (c *Coordinator) DeclineCheckpoint(ctx context.Context, decline task.Decline) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.listens(ctx, decline.Job, decline.CheckpointID) {
		return
	}
	log := c.opts.Logger.With("checkpoint", decline.CheckpointID, "task", decline.Attempt.String())
	t := c.underway.taking[decline.CheckpointID]
	if t == nil {
		log.DebugContext(ctx, "declined, but not being taken", "cause", decline.Cause)
		return
	}
	log.InfoContext(ctx, "declined", "cause", decline.Cause)
	c.abort(t, declined(decline), true)
}

// declined returns the reason of a decline: what the task says, if it says it in our
// words.
func declined(decline task.Decline) *checkpoint.Failure {
	cause := fmt.Errorf("task %s gave no cause", decline.Attempt)
	if said := withoutReason(decline.Cause); said != nil {
		cause = fmt.Errorf("task %s: %w", decline.Attempt, said)
	}
	return &checkpoint.Failure{Reason: checkpoint.ReasonOf(decline.Cause, checkpoint.CheckpointDeclined), Cause: cause}
}

// withoutReason returns what is behind a failure whose reason is told anyway.
func withoutReason(err error) error {
	if failure, ok := err.(*checkpoint.Failure); ok { //nolint:errorlint // one that is wrapped stays as it is
		return failure.Cause
	}
	return err
}
