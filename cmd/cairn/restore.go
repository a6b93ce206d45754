package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
)

type restoreOptions struct {
	storage   storageFlags
	output    outputFormat
	job       jobFlags
	claimMode claimModeFlag
	dryRun    bool
}

func newRestoreCommand() *cobra.Command {
	opts := new(restoreOptions)
	cmd := &cobra.Command{
		Use:   "restore POINTER",
		Short: "Restore a checkpoint or savepoint into a job",
		Long: `Restores a checkpoint or savepoint into a job as Flink would: resolves the pointer,
validates the metadata against the job, registers the checkpoint, assigns its state
to subtasks, and then reads all of it, each file once, as the subtasks would. It
shows which subtask gets which key groups, partitions and files. Nothing in the
store is changed, whatever the claim mode.

The job is described by --job, or derived from the checkpoint itself, which knows
its operators but not how they were chained or connected. 'cairn plan' shows what a
restore costs, and reads no state.

If the answer is no, the exit code is 3 and the reason is on standard error.`,
		Example: `  cairn restore s3://bucket/savepoints/savepoint-3c7c0a-07c49f841952 --job job.yaml
  cairn restore /data/checkpoints/<job id>/chk-42 --parallelism 8 --parallelism kafka-source=4 --dry-run`,
		Args: wrongArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRestore(cmd.Context(), cmd.OutOrStdout(), args[0], opts)
		},
	}
	opts.storage.add(cmd)
	opts.output.addFlag(cmd)
	opts.job.add(cmd)
	flags := cmd.Flags()
	flags.Var(&opts.claimMode, "claim-mode", "whose the checkpoint's files are afterwards: no_claim, claim or legacy")
	flags.BoolVar(&opts.dryRun, "dry-run", false, "validate and assign only, read no state")
	return cmd
}

func runRestore(ctx context.Context, w io.Writer, pointer string, opts *restoreOptions) error {
	j, err := opts.job.described(ctx)
	if err != nil {
		return err
	}
	store, err := opts.storage.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	j, err = opts.settleJob(ctx, store, pointer, j)
	if err != nil {
		return err
	}
	c, err := coordinator.New(j, store, nil)
	if err != nil {
		return err
	}
	restored, err := c.RestoreSavepoint(ctx, coordinator.SavepointRestoreSettings{
		Path:                  pointer,
		AllowNonRestoredState: opts.job.allowNonRestoredState,
		ClaimMode:             opts.claimMode.mode,
	})
	if err != nil {
		return answer(err)
	}
	if err := checkOffsets(restored.Assignment); err != nil {
		return answer(fmt.Errorf("restore %s: %w", pointer, err))
	}
	report := newRestoreReport(restored, opts.dryRun)
	if !opts.dryRun {
		if report.Read, err = readState(ctx, restored); err != nil {
			return answer(fmt.Errorf("restore %s: %w", report.Pointer, err))
		}
	}
	if opts.output == outputJSON {
		return writeJSON(w, report)
	}
	return writeRestoreTables(w, report)
}

// answer tells a no from a failure: the checkpoint does not fit the job, or parts
// of it are missing.
func answer(err error) error {
	_, refused := errors.AsType[*restore.Refusal](err)
	_, unreadable := errors.AsType[*unreadableState](err)
	if refused || unreadable && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, storage.ErrTruncated) || errors.Is(err, storage.ErrOutsideState)) {
		return negative(err)
	}
	if errors.Is(err, storage.ErrOutsideAllowed) {
		return fmt.Errorf("%w (for this command: --location, --relocate and --allow-any-path)", err)
	}
	return err
}

// settleJob returns the job to restore into: as described, or else derived from the
// checkpoint. What that leaves open and matters is an error.
func (o *restoreOptions) settleJob(ctx context.Context, store storage.CheckpointStorage, pointer string, described *job.Job) (*job.Job, error) {
	if described != nil && len(described.Gaps()) == 0 {
		return described, nil
	}
	loaded, err := load(ctx, store, pointer)
	if err != nil {
		return nil, err
	}
	if described == nil {
		if described, err = o.job.derived(loaded); err != nil {
			return nil, err
		}
	}
	decided := decide(&loaded.file.Metadata, described, o.job.allowNonRestoredState)
	return described, decided.err(loaded.metadataFile)
}
