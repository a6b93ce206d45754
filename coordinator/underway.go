package coordinator

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/failure"
	"github.com/cairnstate/cairn/coordinator/pending"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/coordinator/request"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/storage"
)

// underway is all that a coordinator knows of checkpoints that are not complete. It
// is guarded by the coordinator's lock.
type underway struct {
	decider    *request.Decider
	failures   *failure.Manager
	scheduler  scheduler
	triggering bool              // one request is on its way to the tasks
	taking     map[int64]*taking // by checkpoint id
	ended      endings
	// givenUp counts how often all was given up, and lastGivenUp is why it was last: for
	// who is on his way and has no checkpoint yet.
	givenUp     int
	lastGivenUp *checkpoint.Failure

	lastCompletion time.Time
	// doubtful are checkpoints whose publication has no known outcome.
	doubtful []*abandoned
	// aborted are checkpoints whose directories were emptied once; a task that was
	// late may have written there since.
	aborted []*abandoned
	// notDeleted are pieces of garbage that the store would not delete, oldest first.
	notDeleted []Garbage
}

func newUnderway(c *Checkpointing) underway {
	return underway{
		decider:  request.NewDecider(int(c.Config.MaxConcurrent), c.Config.MinPause),
		failures: failure.NewManager(c.Config.TolerableFailures),
		taking:   make(map[int64]*taking),
	}
}

// all returns what is being taken, by ascending id.
func (u *underway) all() []*taking {
	all := make([]*taking, 0, len(u.taking))
	for _, id := range slices.Sorted(maps.Keys(u.taking)) {
		all = append(all, u.taking[id])
	}
	return all
}

// phase is how far a checkpoint has come. It only grows.
type phase int

const (
	collecting phase = iota // acknowledgements
	publishing              // the metadata is on its way, and can be called back
	storing                 // into the completed checkpoint store; nothing stops it now
	over
)

// taking is a checkpoint that is being taken: what is pending of it, and what moves
// it along.
type taking struct {
	*pending.Checkpoint
	request *request.Request
	plan    *plan.Plan

	// ctx ends when the checkpoint is given up.
	ctx    context.Context
	cancel context.CancelCauseFunc
	expiry work.Timer

	phase      phase
	completing bool                               // the last acknowledgement was seen
	location   *storage.CheckpointStorageLocation // nil until it is known
	failure    *checkpoint.Failure                // why it was given up

	metadataSize int64 // for the one goroutine that completes it
}

// synchronous reports whether the job stops with it.
func (t *taking) synchronous() bool {
	action := t.Properties().Type.Action
	return action == checkpoint.ActionSuspend || action == checkpoint.ActionTerminate
}

// ending returns how it ended, or what is known of that so far.
func (t *taking) ending() ending { return ending{id: t.ID(), failure: t.failure, location: t.location} }

func (t *taking) savepoint() bool { return t.Properties().Type.Savepoint }
