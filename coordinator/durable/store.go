package durable

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/storage"
)

// Options say how a store works. Nil and the zero value are the defaults.
type Options struct {
	// Retain is how many checkpoints are retained; 0 means 1.
	Retain int

	// Name tells people who leads; empty for host and process. It need not be unique.
	Name string

	// Executor gives the lock that is held while the record is asked; nil for a mutex.
	Executor work.Executor

	// Clock tells when something was written; nil for the system's. Nothing depends on it.
	Clock work.Clock

	// Metadata says how metadata is decoded; nil for the defaults.
	Metadata *metadata.DecodeOptions

	// Logger is told who takes over from whom; nil for silence.
	Logger *slog.Logger
}

func (o *Options) withDefaults() (Options, error) {
	var opts Options
	if o != nil {
		opts = *o
	}
	if opts.Retain < 0 {
		return opts, fmt.Errorf("completed checkpoint store: cannot retain %d checkpoints: must be at least 1", opts.Retain)
	}
	opts.Retain = cmp.Or(opts.Retain, 1)
	if opts.Name == "" {
		host, _ := os.Hostname()
		opts.Name = fmt.Sprintf("%s, process %d", cmp.Or(host, "a host without a name"), os.Getpid())
	}
	if opts.Executor == nil {
		opts.Executor = new(work.Goroutines)
	}
	if opts.Clock == nil {
		opts.Clock = work.System{}
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	return opts, nil
}

// Store is a leader's hold on the record of a job: its completed checkpoint store and
// its journal. [Open] makes one. It is safe for use by many goroutines at once; those
// that write take turns.
type Store struct {
	access *storage.CheckpointStorageAccess
	record *storage.Record
	opts   Options
	token  string

	turn sync.Locker // held while the record is asked; guards what is known of it
	known

	mu        sync.Mutex // never held over I/O; guards all below
	shown     ledger     // what All and Get tell of
	loaded    []*completed.Checkpoint
	leftovers []completed.Leftover
	ended     map[int64]bool // to be written with the next change
	lost      error          // why this store leads no more
	shut      completed.JobStatus
}

// known is what the leader knows of the record.
type known struct {
	ledger  ledger
	version storage.RecordVersion
	tried   int64 // the highest number of a change that was tried
	calls   int64 // of change
	// removing says that nothing is left but to remove the record.
	removing bool
	// What the end of the job gives up, and leaves to the user.
	discarded, left []*completed.Checkpoint
	owed            []*completed.Checkpoint // pushed out by what turned out to have been made; the next Add tells
	doubts          []attempt               // all stand on version, so one has been made at most
}

var _ completed.Journal = (*Store)(nil)

// errShutDown says that somebody uses a store whose job has ended.
var errShutDown = errors.New("the store was shut down")

// Open takes the job over: it makes a record in which this store leads, and whoever led
// before is fenced. opts may be nil. If another takes over at the same moment and is
// quicker the error is [completed.ErrFenced].
//
// A job that has no record yet gets one, whose first id is higher than that of any
// chk-N in the job's directory. Nothing is held open, and nothing has to be closed.
func Open(ctx context.Context, access *storage.CheckpointStorageAccess, opts *Options) (*Store, error) {
	full, err := opts.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("coordinator/durable: %w", err)
	}
	s := &Store{
		access: access, record: access.Record(recordName), opts: full, token: newToken(),
		turn: full.Executor.NewLock(), ended: make(map[int64]bool),
	}
	if err := s.takeOver(ctx); err != nil {
		return nil, fmt.Errorf("coordinator/durable: take over job %s: %w", access.JobID(), err)
	}
	return s, nil
}

// Epoch returns the number of this leadership, which is higher than that of any before.
func (s *Store) Epoch() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.Epoch
}

// Result returns how the job ended, if it did so for good, and has not run since: whoever
// led then died before all was cleared away. It is empty for all other jobs, those that
// ended and were cleared away among them. Who only restarts what was killed does not run
// such a job again; after [Store.Shutdown] with that status comes Conclude.
func (s *Store) Result() completed.JobStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shown.Concluded {
		return ""
	}
	return s.shown.Ended
}

// Claimed returns the pointers of checkpoints in other directories than the job's whose
// files became the job's, the last 64 of them.
func (s *Store) Claimed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.shown.Claimed...)
}

// standing returns why the store cannot be written to.
func (s *Store) standing() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost != nil {
		return s.lost
	}
	if s.shut != "" {
		return errShutDown
	}
	return nil
}
