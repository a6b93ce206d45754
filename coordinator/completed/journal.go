package completed

import (
	"context"
	"errors"
)

// ErrFenced says that another coordinator has taken the job over. Whoever gets it has
// no say any more, for good: it deletes nothing, tells nobody that a checkpoint is
// complete, and ends. It is found out by the next write to the store.
var ErrFenced = errors.New("another coordinator has taken over this job")

// ErrInDoubt says that nobody knows whether a checkpoint is in the store now: the
// answer was lost, and reading did not help. Nothing of it may be deleted, and nobody
// be told that it is complete, or that it is not. It shows at the next write, or the
// next restore.
var ErrInDoubt = errors.New("nobody knows whether the store has the checkpoint")

// Journal is a [Store] that remembers over a crash which directories are half written,
// or half deleted, so that the next coordinator can finish them. It is safe for use by
// many goroutines at once.
type Journal interface {
	Store

	// Started records a directory before the first byte is written below it. A
	// savepoint needs it: nobody could guess where it is. The directory of a
	// checkpoint follows from its id, and is recorded when the id is taken.
	Started(ctx context.Context, l Leftover) error

	// Completed records that the savepoint is complete that was Started, by one write.
	// Nobody may be told so before: the write proves that no other coordinator had
	// taken over, and cleared away as unfinished what tasks had written. After
	// [ErrFenced] one may have.
	Completed(ctx context.Context, id int64) error

	// Ended says that nothing is left to do in the directory of the id: it is gone,
	// or not for the store to care about. It makes no request: it takes effect with
	// the next write of the store, and if a crash comes before, the next coordinator
	// finds nothing to do.
	Ended(id int64)

	// Conclude is called last, after Shutdown and after what that gave up was deleted.
	// If the job ended for good and nothing is left to do, the store forgets it;
	// else what is left stays on record.
	Conclude(ctx context.Context) error

	// Leftovers returns what earlier coordinators had begun and not ended, in the order
	// of the ids. Those that they gave up are among them: who was late may have written
	// there since. It does not change but by Ended.
	Leftovers() []Leftover

	// PushedOut returns checkpoints that an addition has pushed out whose answer was
	// lost, as Recover found out. The next Add returns them, and until then the
	// coordinator knows of them by this alone. The slice is the caller's.
	PushedOut() []*Checkpoint

	// Claimed returns the pointers of checkpoints in other directories than the job's
	// that it has claimed, pushed out ones too: what they share is the job's, and some
	// of it may be in use for long. It is known after Recover. The slice is the caller's.
	Claimed() []string
}

// Leftover is a directory that may be neither complete nor gone.
type Leftover struct {
	ID int64

	// Directory is where it is, as a pointer would have it; empty for a checkpoint,
	// which is at the place that its id gives it.
	Directory string

	// Savepoint says that it belongs to the user as soon as it is complete.
	Savepoint bool

	// Discarding says that it was complete, and the job's, and was to be deleted. Newer
	// checkpoints may still use files in it.
	Discarding bool

	// Ended says that whoever had begun it ended it. What is there came late; and if it
	// is complete it is somebody else's.
	Ended bool
}
