package coordinator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

// abandoned is a checkpoint that was given up and may have left files.
type abandoned struct {
	ending
	states []*checkpoint.OperatorSubtaskState // that tasks had reported; guarded by the coordinator's lock, nil once deleted
}

// mostAbandoned is how many of them are kept in mind. Where checkpoint after checkpoint
// fails, that no more than these wait for one that does not.
const mostAbandoned = 64

func (t *taking) abandoned() *abandoned { return &abandoned{ending: t.ending(), states: t.states()} }

// dispose deletes what is in the directory of a checkpoint that was given up.
func (c *Coordinator) dispose(t *taking) {
	if t.location == nil {
		c.ended(t.ID())
		return // no task knows where it would have been
	}
	a := t.abandoned()
	c.underway.aborted = append(c.underway.aborted, a)
	c.cleanUp(fmt.Sprintf("aborted checkpoint %d", a.id), func(ctx context.Context) error { return c.disposeNow(ctx, a) })
	if len(c.underway.aborted) > mostAbandoned {
		oldest := c.underway.aborted[0]
		c.underway.aborted = c.underway.aborted[1:]
		c.disposeForGood(oldest)
	}
}

func (c *Coordinator) disposeNow(ctx context.Context, a *abandoned) error {
	err := a.location.DisposeOnFailure(ctx)
	if handles := privateHandles(c.statesOf(a)); len(handles) > 0 {
		err = errors.Join(err, a.location.DiscardStates(ctx, handles))
	}
	if err == nil {
		c.forgetStates(a)
	}
	return err
}

func (c *Coordinator) statesOf(a *abandoned) []*checkpoint.OperatorSubtaskState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return a.states
}

func (c *Coordinator) forgetStates(a *abandoned) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a.states = nil
}

// disposeAgain looks once more into the directories of checkpoints that were given
// up before the one that has just been completed: whoever was still writing there
// has moved on since.
func (c *Coordinator) disposeAgain() {
	aborted := c.underway.aborted
	c.underway.aborted = nil
	for _, a := range aborted {
		c.disposeForGood(a)
	}
}

func (c *Coordinator) disposeForGood(a *abandoned) {
	c.cleanUp(fmt.Sprintf("aborted checkpoint %d", a.id), func(ctx context.Context) error {
		if err := c.disposeNow(ctx, a); err != nil {
			return err
		}
		c.ended(a.id)
		return nil
	})
}

// doubt remembers a checkpoint of whose publication nobody knows the outcome. Too many
// of them say that the store does not answer for long: the oldest are left to the next
// start of the job.
func (c *Coordinator) doubt(a *abandoned) {
	c.underway.doubtful = append(c.underway.doubtful, a)
	if len(c.underway.doubtful) > mostAbandoned {
		c.opts.Logger.Warn("publication of unknown outcome; the next start of the job looks", "checkpoint", c.underway.doubtful[0].id)
		c.underway.doubtful = c.underway.doubtful[1:]
	}
}

// settleDoubts asks what became of publications that had no answer. One that went
// well came too late: everybody was told that the checkpoint failed.
func (c *Coordinator) settleDoubts() {
	doubtful := c.underway.doubtful
	c.underway.doubtful = nil
	for _, a := range doubtful {
		c.cleanUp(fmt.Sprintf("checkpoint %d of unknown outcome", a.id), func(ctx context.Context) error { return c.settle(ctx, a) })
	}
}

func (c *Coordinator) settle(ctx context.Context, a *abandoned) error {
	location, err := a.location.SettlePublication(ctx)
	switch {
	case err == nil:
		err = storage.DisposeStorageLocation(ctx, location, privateHandles(c.statesOf(a)))
	case errors.Is(err, storage.ErrCheckpointExists):
		err = a.location.DiscardStates(ctx, privateHandles(c.statesOf(a)))
	case errors.Is(err, storage.ErrPublicationUnknown):
		c.mu.Lock()
		defer c.mu.Unlock()
		c.doubt(a)
		return err
	case errors.Is(err, fs.ErrNotExist):
		err = c.disposeNow(ctx, a)
	}
	if err == nil {
		c.ended(a.id)
	}
	return err
}
