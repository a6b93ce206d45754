package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

type planOptions struct {
	storage  storageFlags
	output   planFormat
	job      jobFlags
	svgFile  string
	subtasks bool
	files    bool
}

func newPlanCommand() *cobra.Command {
	opts := new(planOptions)
	cmd := &cobra.Command{
		Use:   "plan POINTER",
		Short: "Show what a restore would cost, and whom",
		Long: `Plans the restore of a checkpoint or savepoint into a job: which key groups, files,
bytes and partitions each new subtask gets, how evenly, how much more is read than
is stored, which parallelisms are legal, and what could be better. Only metadata is
read, in one or two requests, never state.

The job is described by --job, or derived from the checkpoint itself. Flink's REST
API names only the head of each chain; what it leaves open and matters is reported
as unknown, and the exit code is then 1.

If it does not restore, the exit code is 3 and all reasons are on standard error.

With -o svg, or --svg, the plan is drawn: the key groups of old and new subtasks,
coloured by bytes.`,
		Example: `  cairn plan s3://bucket/checkpoints/<job id>/chk-42 --parallelism 8
  cairn plan /data/savepoints/savepoint-3c7c0a-07c49f841952 --job http://localhost:8081/jobs/<id>
  cairn plan gs://bucket/savepoints/savepoint-de9fd4-35f289091a1b --job job.yaml --svg plan.svg`,
		Args: wrongArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPlan(cmd.Context(), cmd.OutOrStdout(), args[0], opts)
		},
	}
	opts.storage.add(cmd)
	opts.output.addFlag(cmd)
	opts.job.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&opts.svgFile, "svg", "", "also draw the plan into a `file`")
	flags.BoolVar(&opts.subtasks, "subtasks", false, "show a row for each subtask, however many there are")
	flags.BoolVar(&opts.files, "files", false, "name the files that each subtask reads")
	return cmd
}

func runPlan(ctx context.Context, w io.Writer, pointer string, opts *planOptions) error {
	j, err := opts.job.described(ctx)
	if err != nil {
		return err
	}
	store, err := opts.storage.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	loaded, err := load(ctx, store, pointer)
	if err != nil {
		return err
	}
	md := &loaded.file.Metadata
	if j == nil {
		if j, err = opts.job.derived(loaded); err != nil {
			return err
		}
	}
	decided := decide(md, j, opts.job.allowNonRestoredState)
	p := &planned{loaded: loaded, job: j, decision: decided, ranges: restore.LegalRanges(j, md.Operators), files: opts.files}
	if decided.assignment != nil {
		p.plan = restore.NewPlan(decided.assignment)
	}
	return errors.Join(p.write(w, opts), decided.err(loaded.metadataFile))
}

// planned is all that there is to show.
type planned struct {
	*decision
	loaded *loaded
	job    *job.Job
	plan   *restore.Plan // nil if there is nothing to show of it
	ranges []restore.LegalRange
	files  bool
}

// keyGroups returns the number of key groups of a vertex before it is settled by a
// restore: the checkpoint's, unless the job says another.
func (p *planned) keyGroups(vertex int) int32 {
	v := p.job.Vertex(vertex)
	if p.job.MaxParallelismConfigured(vertex) {
		return v.MaxParallelism
	}
	operators := p.loaded.file.Operators
	for i := range operators {
		if at, known := p.job.VertexOf(operators[i].ID); known && at == vertex {
			return operators[i].MaxParallelism
		}
	}
	return v.MaxParallelism
}

func (p *planned) write(w io.Writer, opts *planOptions) error {
	if opts.svgFile != "" && p.plan != nil {
		var picture bytes.Buffer
		if err := drawPlan(&picture, p); err != nil {
			return err
		}
		if err := os.WriteFile(opts.svgFile, picture.Bytes(), 0o644); err != nil {
			return fmt.Errorf("draw the plan: %w", err)
		}
	}
	switch opts.output.outputFormat {
	case outputSVG:
		if p.plan == nil {
			return nil // there is nothing to draw, and the error says why
		}
		return drawPlan(w, p)
	case outputJSON:
		return writeJSON(w, newPlanReport(p))
	}
	return writePlanTables(w, newPlanReport(p), opts.subtasks)
}

// planFormat is the value of plan's flag -o, which knows pictures too.
type planFormat struct{ outputFormat }

const outputSVG outputFormat = "svg"

func (f *planFormat) Set(s string) error {
	if s == string(outputSVG) {
		f.outputFormat = outputSVG
		return nil
	}
	if f.outputFormat.Set(s) != nil {
		return errors.New(`must be "table", "json" or "svg"`)
	}
	return nil
}

func (f *planFormat) addFlag(cmd *cobra.Command) {
	f.outputFormat = outputTable
	cmd.Flags().VarP(f, "output", "o", `output format: "table", "json" or "svg"`)
}
