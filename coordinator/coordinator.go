package coordinator

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/cleaner"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
)

// The ways in which a coordinator refuses, for errors.Is.
var (
	// ErrShutDown says that the coordinator was shut down.
	ErrShutDown = errors.New("checkpoint coordinator is shut down")

	// ErrNoCheckpoint says that there is no completed checkpoint to restore.
	ErrNoCheckpoint = errors.New("no completed checkpoint available")

	// ErrNoPath says that settings name no savepoint.
	ErrNoPath = errors.New("no savepoint path given")
)

// Coordinator takes the checkpoints of one job and restores it from them (Flink:
// CheckpointCoordinator). [New] makes one. It is safe for use by many goroutines at
// once.
type Coordinator struct {
	job        *job.Job
	storage    storage.CheckpointStorage
	opts       Options
	own        checkpoint.Properties // of the job's own checkpoints
	cleaner    *cleaner.Cleaner
	goroutines *work.Goroutines // the executor, if it is our own

	// ctx is that of all that is done beside callers. It ends with the coordinator.
	ctx  context.Context
	stop context.CancelFunc

	// ledger is held by whoever takes an id, completes a checkpoint, restores one,
	// or ends the job: of these one happens at a time, and each is a question to
	// the store. It is taken before mu.
	ledger sync.Locker
	lastID int64 // that was taken here, or 0; guarded by ledger

	// mu guards all below. It is held throughout a restore, and else only while
	// nobody is asked anything.
	mu                sync.Locker
	shutDown          bool
	fenced            error    // by which another coordinator made itself known
	underway          underway // only with Options.Checkpointing
	running           *job.Job // with the max parallelisms that were restored
	registry          *sharedstate.Registry
	hooks             masterhook.Hooks
	coordinators      []coordinatorContext
	forceFullSnapshot bool
	// subsumed are checkpoints that the store pushed out and that are not given
	// up yet, because newer ones may use files among theirs.
	subsumed []*completed.Checkpoint
	// unregistered says that a restore failed before what is retained was registered:
	// nobody knows what is in use, and nothing is given up until another succeeds.
	unregistered bool
	// unproven are checkpoints that were added to be restored and were not, or not
	// yet. Claimed or not, they stay the user's until a restore succeeds.
	unproven []*completed.Checkpoint
	// claimed are the pointers of what was claimed.
	claimed []string
	// locations are those that were resolved here, to be closed at the end.
	locations []storage.CompletedCheckpointStorageLocation
}

// New returns a coordinator of the job over the storage. opts may be nil. The
// caller shuts it down, and closes the storage after that.
func New(j *job.Job, st storage.CheckpointStorage, opts *Options) (*Coordinator, error) {
	if j == nil || st == nil {
		return nil, errors.New("coordinator: a job and a storage are needed")
	}
	full, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &Coordinator{
		job:      j,
		storage:  st,
		opts:     full,
		own:      checkpoint.CheckpointProperties(full.RetentionPolicy),
		running:  j,
		registry: sharedstate.New(),
	}
	if c.opts.Executor == nil {
		c.goroutines = &work.Goroutines{}
		c.opts.Executor = c.goroutines
	}
	c.ledger, c.mu = c.opts.Executor.NewLock(), c.opts.Executor.NewLock()
	c.cleaner = cleaner.New(c.opts.Executor, deletionsAtOnce)
	c.ctx, c.stop = context.WithCancel(context.Background())
	if full.Checkpointing != nil {
		c.underway = newUnderway(full.Checkpointing)
	}
	return c, nil
}

// deletionsAtOnce is few, since each of them is many requests at once.
const deletionsAtOnce = 4

// AddMasterHook adds a hook, which takes part from the next restore on. Its
// identifier must not be taken.
func (c *Coordinator) AddMasterHook(hook masterhook.Hook) error {
	if hook == nil {
		return errors.New("coordinator: add master hook: it is nil")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shutDown {
		return fmt.Errorf("coordinator: add master hook: %w", ErrShutDown)
	}
	return c.hooks.Add(hook)
}

// Completed returns the retained checkpoints, oldest first. They must not be
// changed.
func (c *Coordinator) Completed() []*completed.Checkpoint { return c.opts.Store.All() }

// ForceFullSnapshot reports whether the next checkpoint must not build on the
// restored one, because that is the user's (claim mode NO_CLAIM).
func (c *Coordinator) ForceFullSnapshot() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.forceFullSnapshot
}
