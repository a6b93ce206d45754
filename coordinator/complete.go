package coordinator

import (
	"context"
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// completeIfAcknowledged begins to complete a checkpoint when nothing is outstanding.
func (c *Coordinator) completeIfAcknowledged(t *taking) {
	if t.phase == collecting && !t.completing && t.location != nil && t.FullyAcknowledged() {
		t.completing = true
		c.opts.Executor.Go(func() { c.complete(t) })
	}
}

// complete makes a checkpoint complete (Flink: completePendingCheckpoint): publishes
// its metadata, adds it to the store, and then, only then, tells everybody. One is
// completed at a time; the coordinator's lock is not held while a store is asked.
func (c *Coordinator) complete(t *taking) {
	c.ledger.Lock()
	defer c.ledger.Unlock()
	md, err := c.finalize(t)
	if md == nil && err == nil {
		return // given up in the meantime
	}
	var location storage.CompletedCheckpointStorageLocation
	if err == nil {
		location, err = c.publish(t, md)
	}
	if err != nil {
		c.notPublished(t, err)
		return
	}
	cp := c.newCompleted(t, md, location)
	subsumed, err := c.store(t, cp)
	if err != nil {
		c.notStored(t, cp, err)
		return
	}
	c.completed(t, cp, subsumed)
}

// finalize takes the checkpoint out of reach of those who give up checkpoints, and
// makes its metadata. It returns nothing if somebody was first.
func (c *Coordinator) finalize(t *taking) (*checkpoint.Metadata, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.phase != collecting {
		return nil, nil
	}
	t.phase = publishing
	if !t.savepoint() {
		c.registry.CheckpointCompleted(t.ID())
	}
	return t.Finalize()
}

// publish writes the metadata. From its success on the checkpoint can be found by
// its pointer.
func (c *Coordinator) publish(t *taking, md *checkpoint.Metadata) (storage.CompletedCheckpointStorageLocation, error) {
	ck := c.opts.Checkpointing
	stream, err := t.location.CreateMetadataOutputStream(t.ctx)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	if err := metadata.Write(stream, &metadata.File{Version: ck.Version, Metadata: *md}, ck.Metadata); err != nil {
		return nil, fmt.Errorf("write metadata: %w", err)
	}
	t.metadataSize = stream.Pos()
	return stream.CloseAndFinalizeCheckpoint()
}

func (c *Coordinator) newCompleted(t *taking, md *checkpoint.Metadata, location storage.CompletedCheckpointStorageLocation) *completed.Checkpoint {
	properties := t.Properties()
	return &completed.Checkpoint{
		ID:           t.ID(),
		Operators:    md.Operators,
		MasterStates: md.MasterStates,
		Properties:   properties,
		CreatedAs:    &properties,
		Owned:        !properties.Type.Savepoint,
		Triggered:    t.Triggered(),
		Completed:    c.opts.Clock.Now(),
		Location:     location,
	}
}

// store adds the checkpoint to the completed checkpoint store. A savepoint is the
// user's, and does not go there; but who took over before it was published may have
// swept its files, and so the store is asked who leads.
func (c *Coordinator) store(t *taking, cp *completed.Checkpoint) ([]*completed.Checkpoint, error) {
	c.mu.Lock()
	t.phase = storing
	c.mu.Unlock()
	if !t.savepoint() {
		return c.opts.Store.Add(c.ctx, cp)
	}
	if journal, ok := c.opts.Store.(completed.Journal); ok {
		return nil, journal.Completed(c.ctx, t.ID())
	}
	return nil, nil
}

// ended tells the store's journal that nothing is left to do about an id.
func (c *Coordinator) ended(id int64) {
	if journal, ok := c.opts.Store.(completed.Journal); ok {
		journal.Ended(id)
	}
}

// completed tells that a checkpoint is complete, and what follows from it.
func (c *Coordinator) completed(t *taking, cp *completed.Checkpoint, subsumed []*completed.Checkpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end(t, nil)
	c.opts.Logger.Info("checkpoint completed", "checkpoint", cp.ID, "type", cp.Properties.Type.Name, "pointer", cp.ExternalPointer(),
		"stateBytes", cp.StateSize(), "duration", cp.Completed.Sub(cp.Triggered), "subsumed", len(subsumed))
	if !t.savepoint() {
		c.forceFullSnapshot = false
		c.subsumed = append(c.subsumed, subsumed...)
		c.clean(c.takeGarbage())
	}
	c.underway.lastCompletion = c.opts.Clock.Now()
	c.underway.failures.CheckpointSucceeded(cp.ID)
	c.reportCompleted(t, cp)
	t.request.Complete(cp)
	if !t.savepoint() || t.synchronous() {
		c.abortOlder(t)
		c.notifyComplete(t, lastDiscarded(subsumed))
	}
	c.settleDoubts()
	c.disposeAgain()
	c.serve()
}

// abortOlder gives up checkpoints that were begun before and would now be of no use.
func (c *Coordinator) abortOlder(than *taking) {
	for _, t := range c.underway.all() {
		if t.ID() < than.ID() && !t.savepoint() {
			c.abort(t, &checkpoint.Failure{Reason: checkpoint.CheckpointSubsumed, Cause: fmt.Errorf("checkpoint %d was completed first", than.ID())}, false)
		}
	}
}

// lastDiscarded returns the newest of the checkpoints that is deleted for having
// been pushed out.
func lastDiscarded(subsumed []*completed.Checkpoint) int64 {
	last := int64(noCheckpointID)
	for _, cp := range subsumed {
		if cp.Properties.DiscardSubsumed {
			last = max(last, cp.ID)
		}
	}
	return last
}

// notPublished gives up a checkpoint that could not be published. While nobody knows
// whether it was, its files stay.
func (c *Coordinator) notPublished(t *taking, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	failure := finalizeFailure(context.Cause(t.ctx), err)
	c.give(t, failure, false)
	c.notifyAborted(t)
	switch {
	case errors.Is(err, storage.ErrPublicationUnknown):
		c.doubt(t.abandoned())
	case errors.Is(err, storage.ErrCheckpointExists):
		c.discardStates(t.ending(), t.states())
		c.ended(t.ID())
	default:
		c.dispose(t)
	}
}

// finalizeFailure tells why a checkpoint was not completed: it had expired, or what
// the error says.
func finalizeFailure(called, err error) *checkpoint.Failure {
	reason := checkpoint.ReasonOf(err, checkpoint.FinalizeCheckpointFailure)
	return &checkpoint.Failure{Reason: checkpoint.ReasonOf(called, reason), Cause: withoutReason(err)}
}

// notStored gives up a checkpoint that was published, and that the store did not
// take. Unless the store may have it after all, or is another coordinator's now, it
// goes again.
func (c *Coordinator) notStored(t *taking, cp *completed.Checkpoint, err error) {
	c.noticeFence(err)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.give(t, &checkpoint.Failure{Reason: checkpoint.FinalizeCheckpointFailure, Cause: fmt.Errorf("completed checkpoint store: %w", err)}, false)
	if errors.Is(err, completed.ErrInDoubt) || errors.Is(err, completed.ErrFenced) {
		return // somebody may restore from it: what was held back for it may be needed
	}
	c.notifyAborted(t)
	c.disposeCompleted(cp)
}
