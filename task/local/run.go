package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task/program"
)

// Options change how a job is run. Nil and the zero value are fine.
type Options struct {
	// AllowVolatile accepts storage that forgets everything with the process, as in
	// tests.
	AllowVolatile bool

	// StopWithSavepoint, if it is set, has Run end a job whose context ends with a
	// savepoint in its default directory, instead of suspending it; the function is
	// told where. The job's checkpoints are no longer needed then, and go. If that
	// fails the job is suspended, and Run returns the reason.
	StopWithSavepoint func(pointer string)

	// Restart decides what becomes of failures; see [execution.Options].
	Restart execution.RestartStrategy

	// Coordinator has the options of the checkpoint coordinator that the settings of
	// the job do not decide. Without a store, it is one that survives the process:
	// package coordinator/durable.
	Coordinator coordinator.Options

	// Runtime is for the subtasks. Its clock and logger are everybody's.
	Runtime RuntimeOptions
}

// Job is a program that runs. It is safe for use by many goroutines at once.
type Job struct {
	*execution.Graph
	runtime *Runtime
}

// Run runs a program until it ends, or the context does: then it is suspended, its
// retained checkpoints stay, and the next Run goes on from the latest. That is no error.
//
// A job that ends by itself, or with a savepoint, is over: another Run begins anew, or
// with the savepoint of its settings. If the process dies between the end and the return
// of Run, the next Run does no more than what was left to clear away, and returns.
//
// The id is the job's, the same each time. The directory of checkpoints and all else
// about them is in the program's environment; the storage must be able to reach it.
func Run(ctx context.Context, id checkpoint.JobID, p *program.Program, s *storage.BackendStorage, opts *Options) error {
	job, err := Start(ctx, id, p, s, opts)
	switch {
	case errors.Is(err, ErrFinished):
		logger(opts).WarnContext(ctx, "nothing is run", "reason", err)
		return nil
	case err != nil:
		return err
	}
	var noSavepoint error
	select {
	case <-job.Done():
	case <-ctx.Done():
		noSavepoint = job.end(context.Cause(ctx), opts)
	}
	status, err := job.Result()
	switch {
	case status == execution.Finished:
		return nil
	case noSavepoint != nil:
		return fmt.Errorf("local: job %s is %s, and did not end with a savepoint: %w", id, status, noSavepoint)
	case status == execution.Suspended && errors.Is(err, context.Cause(ctx)):
		return nil
	}
	return fmt.Errorf("local: job %s is %s: %w", id, status, err)
}

func logger(opts *Options) *slog.Logger {
	if opts == nil || opts.Runtime.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return opts.Runtime.Logger
}

// end ends a job whose context has. If it does not end with its savepoint it is
// suspended: no checkpoint is lost that way.
func (j *Job) end(cause error, opts *Options) (noSavepoint error) {
	if opts == nil || opts.StopWithSavepoint == nil {
		j.Suspend(cause)
		return nil
	}
	savepoint, err := j.StopWithSavepoint("", checkpoint.Canonical, false).Result()
	if err != nil {
		j.Suspend(errors.Join(cause, err))
		return err
	}
	opts.StopWithSavepoint(savepoint.ExternalPointer())
	return nil
}

// Start restores a program and starts it. Whoever starts a job waits for its end, by
// Result. A job that is over has [ErrFinished], and can be started after that.
func Start(ctx context.Context, id checkpoint.JobID, p *program.Program, s *storage.BackendStorage, opts *Options) (*Job, error) {
	if opts == nil {
		opts = &Options{}
	}
	if id == (checkpoint.JobID{}) {
		return nil, errNoID
	}
	if s == nil {
		return nil, errNoStorage
	}
	graph, err := p.Graph()
	if err != nil {
		return nil, err
	}
	if !graph.Checkpointing.Enabled() {
		logger(opts).WarnContext(ctx, "no periodic checkpoints: what the job does is gone when it is started again",
			"advice", "call EnableCheckpointing of its environment (execution.checkpointing.interval)")
	}
	access, err := openAccess(ctx, id, s, &graph.Checkpointing, opts)
	if err != nil {
		return nil, err
	}
	runtime, err := NewRuntime(p, access, &opts.Runtime)
	if err != nil {
		return nil, err
	}
	c := execution.Checkpointing{Storage: s, Access: access, Options: opts.Coordinator}
	c.Options.Logger = opts.Runtime.Logger
	if c.Options.Store == nil {
		if runtime.opts.Epoch, err = remember(ctx, &c, &graph.Checkpointing); err != nil {
			return nil, err
		}
	}
	g, err := execution.CreateAndRestore(ctx, id, runtime.JobGraph(), runtime, c,
		&execution.Options{Restart: opts.Restart, Clock: opts.Runtime.Clock, Logger: opts.Runtime.Logger})
	if err != nil {
		return nil, err
	}
	sweepBefore(ctx, &c)
	return &Job{g, runtime}, g.Start(ctx)
}

// Result waits for the end of the job, and of all its goroutines. See
// [execution.Graph.Result].
func (j *Job) Result() (execution.JobStatus, error) {
	status, err := j.Graph.Result()
	j.runtime.Wait()
	return status, err
}

// errNoID comes before anything is written in the name of the job that is nobody's.
var errNoID = errors.New("local: the job has no id: give it one, the same each time (checkpoint.ParseJobID)")

var errNoStorage = errors.New("local: there is no storage for checkpoints: make one with storage.New")

var errNoDirectory = errors.New("local: the job has no directory for checkpoints: set Checkpointing.Directory of its environment (execution.checkpointing.dir)")

// openAccess returns the access to where the job's settings say that checkpoints go.
func openAccess(ctx context.Context, id checkpoint.JobID, s *storage.BackendStorage, c *checkpointing.Config, opts *Options) (*storage.CheckpointStorageAccess, error) {
	if c.Directory == "" {
		return nil, errNoDirectory
	}
	return s.CreateCheckpointStorage(ctx, id, c.Directory, &storage.AccessOptions{
		DefaultSavepointDirectory: c.SavepointDirectory,
		NoJobDirectory:            !c.CreateSubdir,
		InlineThreshold:           inline(c.InlineThreshold),
		WriteBufferSize:           int(c.WriteBuffer),
		AllowVolatile:             opts.AllowVolatile,
	})
}

// inline returns the threshold as a storage has it, where 0 is the default.
func inline(threshold int64) int {
	if threshold == 0 {
		return -1
	}
	return int(threshold)
}
