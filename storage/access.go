package storage

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// CheckpointStorageAccess is where one job writes its checkpoints and savepoints
// (Flink: FsCheckpointStorageAccess). The coordinator and each worker have one,
// made with the same arguments. It is safe for use by many goroutines at once, and
// of no use once its [BackendStorage] is closed.
type CheckpointStorageAccess struct {
	storage   *BackendStorage
	backend   backend.Backend // of directory
	job       checkpoint.JobID
	directory Path // the job's, which holds chk-N, shared and taskowned
	savepoint Path // the default directory; no path if there is none
	writing   writing
}

// CreateCheckpointStorage returns the access of a job to its checkpoint directory,
// such as "s3://bucket/checkpoints". opts may be nil.
//
// It opens the stores that are named, and asks them for what writing depends on:
// exclusive creation, listings that show what was written, durability. What a
// store lacks is [backend.ErrLimited] here, and not in the middle of a checkpoint;
// one that was opened for reading alone matches [backend.ErrReadOnly] too. No
// request is made, nothing is created: a store has no directories to prepare.
func (s *BackendStorage) CreateCheckpointStorage(ctx context.Context, job checkpoint.JobID, checkpointDirectory string, opts *AccessOptions) (*CheckpointStorageAccess, error) {
	if opts == nil {
		opts = &AccessOptions{}
	}
	writing, err := opts.writing()
	if err != nil {
		return nil, err
	}
	a := &CheckpointStorageAccess{storage: s, job: job, writing: writing}
	if a.directory, a.backend, err = a.writable(ctx, checkpointDirectory); err != nil {
		return nil, fmt.Errorf("storage: checkpoint directory %q: %w", redact(checkpointDirectory), err)
	}
	if !opts.NoJobDirectory {
		a.directory = a.directory.Child(job.String())
	}
	if opts.DefaultSavepointDirectory == "" {
		return a, nil
	}
	if a.savepoint, _, err = a.writable(ctx, opts.DefaultSavepointDirectory); err != nil {
		return nil, fmt.Errorf("storage: default savepoint directory %q: %w", redact(opts.DefaultSavepointDirectory), err)
	}
	return a, nil
}

// writable returns the directory and its backend, if that can be written to.
func (a *CheckpointStorageAccess) writable(ctx context.Context, directory string) (Path, backend.Backend, error) {
	p, err := a.storage.parse(directory)
	if err != nil {
		return Path{}, nil, err
	}
	b, err := a.storage.backendOf(ctx, p)
	if err != nil {
		return Path{}, nil, err
	}
	if err := backend.Require(b, a.writing.needs...); err != nil {
		return Path{}, nil, fmt.Errorf("checkpoints cannot be written there: %w; use another store, or open this one differently", err)
	}
	return p, b, nil
}

// HasDefaultSavepointLocation reports whether savepoints need no target.
func (a *CheckpointStorageAccess) HasDefaultSavepointLocation() bool { return a.savepoint != Path{} }

// InitializeLocationForCheckpoint returns where the checkpoint of the id goes:
// chk-N in the job's directory. It makes no request. Whether somebody else has
// completed a checkpoint of this id shows when the metadata is published.
func (a *CheckpointStorageAccess) InitializeLocationForCheckpoint(id int64) (*CheckpointStorageLocation, error) {
	if id < 0 {
		return nil, fmt.Errorf("storage: checkpoint id %d: %w: it is negative", id, fs.ErrInvalid)
	}
	return a.checkpointLocation(id), nil
}

func (a *CheckpointStorageAccess) checkpointLocation(id int64) *CheckpointStorageLocation {
	return a.location(a.backend, directories{
		exclusive: a.directory.Child(checkpointName + strconv.FormatInt(id, 10)),
		shared:    a.directory.Child(sharedDir),
		taskOwned: a.directory.Child(taskOwnedDir),
	}, CheckpointStorageLocationReference{})
}

// ResolveCheckpointStorageLocation returns the streams of a checkpoint on a worker,
// from what the coordinator sent: the id of the checkpoint and the reference of its
// location. A reference that cannot be read is [ErrInvalidReference].
func (a *CheckpointStorageAccess) ResolveCheckpointStorageLocation(ctx context.Context, id int64, reference CheckpointStorageLocationReference) (*CheckpointStreamFactory, error) {
	if reference.IsDefault() {
		return a.checkpointLocation(id).CheckpointStreamFactory, nil
	}
	pointer, err := reference.pointer()
	if err != nil {
		return nil, fmt.Errorf("storage: location of checkpoint %d: %w", id, err)
	}
	dir, b, err := a.writable(ctx, pointer)
	if err != nil {
		return nil, fmt.Errorf("storage: location %q of checkpoint %d: %w", redact(pointer), id, err)
	}
	return a.location(b, directories{dir, dir, dir}, reference).CheckpointStreamFactory, nil
}

// CreateTaskOwnedStateStream begins to write state that its task deletes, and not
// the coordinator: a file in taskowned. The context holds until the stream is closed.
func (a *CheckpointStorageAccess) CreateTaskOwnedStateStream(ctx context.Context) *CheckpointStateOutputStream {
	file := newStateFile(a.backend, a.directory.Child(taskOwnedDir), a.writing, false)
	return &CheckpointStateOutputStream{ctx: ctx, stateFile: file}
}
