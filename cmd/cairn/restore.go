package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

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
	r := &restoring{restoreOptions: opts, store: store, pointer: pointer, job: j}
	restored, err := r.restore(ctx)
	if err != nil {
		return errors.Join(r.writeRefused(w), err)
	}
	if err := checkOffsets(restored.Assignment); err != nil {
		return negative(fmt.Errorf("restore %s: %w", pointer, err))
	}
	report := newRestoreReport(restored, opts.dryRun)
	if !opts.dryRun {
		err = r.read(ctx, restored, report)
	}
	if err != nil && report.Answer == answerYes {
		return err
	}
	return errors.Join(report.write(w, opts.output), err)
}

// restoring is one restore, from the pointer to the bytes of the state.
type restoring struct {
	*restoreOptions
	store   storage.CheckpointStorage
	pointer string
	job     *job.Job // nil as long as it is to be derived
	loaded  *loaded  // nil unless it was needed before, or for the reasons of a no
	refused *decision
}

// restore settles the job and restores into it. What makes the answer no or unknown
// is in r.refused then.
func (r *restoring) restore(ctx context.Context) (*coordinator.Restored, error) {
	if err := checkPointer(r.pointer); err != nil {
		return nil, err
	}
	if err := r.settleJob(ctx); err != nil {
		return nil, err
	}
	c, err := coordinator.New(r.job, r.store, nil)
	if err != nil {
		return nil, err
	}
	restored, err := c.RestoreSavepoint(ctx, coordinator.SavepointRestoreSettings{
		Path:                  r.pointer,
		AllowNonRestoredState: r.restoreOptions.job.allowNonRestoredState,
		ClaimMode:             r.claimMode.mode,
	})
	if _, no := errors.AsType[*restore.Refusal](err); no {
		return nil, r.allReasons(ctx, err)
	}
	return restored, err
}

// settleJob decides by the checkpoint where the job is derived from it, or described
// with gaps; else the coordinator decides, which reads it anyway.
func (r *restoring) settleJob(ctx context.Context) (err error) {
	if r.job != nil && len(r.job.Gaps()) == 0 {
		return nil
	}
	if r.loaded, err = load(ctx, r.store, r.pointer); err != nil {
		return err
	}
	if r.job == nil {
		if r.job, err = r.restoreOptions.job.derived(r.loaded); err != nil {
			return err
		}
	}
	return r.decide()
}

// decide returns the answer, if it is not yes, as an error.
func (r *restoring) decide() error {
	decided := decide(&r.loaded.file.Metadata, r.job, r.restoreOptions.job.allowNonRestoredState)
	if decided.answer() != answerYes {
		r.refused = decided
	}
	return decided.err(r.loaded.metadataFile)
}

// allReasons returns, after a no of the coordinator, which stops at the first reason,
// all of them.
func (r *restoring) allReasons(ctx context.Context, no error) (err error) {
	if r.loaded == nil {
		if r.loaded, err = load(ctx, r.store, r.pointer); err != nil {
			return negative(no)
		}
	}
	if err := r.decide(); r.refused != nil {
		return err
	}
	return negative(no)
}

// writeRefused writes the report of a restore that was refused, for programs; people
// have the reasons on standard error.
func (r *restoring) writeRefused(w io.Writer) error {
	if r.refused == nil || r.output != outputJSON {
		return nil
	}
	return writeJSON(w, newRefusedReport(r.loaded, r.refused, r.restoreOptions))
}

// read reads the state, and notes in the report what is missing of it.
func (r *restoring) read(ctx context.Context, restored *coordinator.Restored, report *restoreReport) error {
	read, lost, err := readState(ctx, restored)
	report.Read = read
	if report.Missing = lostReports(lost, report.Pointer); len(report.Missing) > 0 {
		report.Answer = answerNo
	}
	if outside, ok := errors.AsType[*unreadableState](err); ok && outside.isOutside() {
		err = outside.elsewhere(ctx, restored)
	} else if err != nil {
		err = fmt.Errorf("restore %s: %w", report.Pointer, err)
	}
	return cmp.Or(lostError(report.MetadataFile, report.Missing), err)
}

func (r *restoreReport) write(w io.Writer, format outputFormat) error {
	switch {
	case format == outputJSON:
		return writeJSON(w, r)
	case r.Answer != answerYes:
		return nil // the reasons are on standard error
	}
	return writeRestoreTables(w, r)
}
