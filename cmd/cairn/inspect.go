package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"
)

type inspectOptions struct {
	storage  storageFlags
	output   outputFormat
	subtasks bool
	files    bool
}

func newInspectCommand() *cobra.Command {
	opts := new(inspectOptions)
	cmd := &cobra.Command{
		Use:   "inspect POINTER",
		Short: "Show what is in a checkpoint or savepoint",
		Long: `Shows what the metadata of a checkpoint or savepoint says: its operators with their
state by kind and size, coordinator and master states, properties, and the files
that it consists of. The files themselves are not read. Sizes are as Flink counts
them: the sum of the sizes of the state handles.

The JSON has everything that the table has, and more; its format is stable.`,
		Example: "  cairn inspect --files /data/savepoints/savepoint-3c7c0a-07c49f841952\n" +
			"  cairn inspect -o json s3://bucket/checkpoints/<job id>/chk-42",
		Args: wrongArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runInspect(cmd.Context(), cmd.OutOrStdout(), args[0], opts)
		},
	}
	opts.storage.add(cmd)
	opts.output.addFlag(cmd)
	cmd.Flags().BoolVar(&opts.subtasks, "subtasks", false, "show a row for each subtask")
	cmd.Flags().BoolVar(&opts.files, "files", false, "show a row for each file")
	return cmd
}

func runInspect(ctx context.Context, w io.Writer, pointer string, opts *inspectOptions) error {
	store, err := opts.storage.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	loaded, err := load(ctx, store, pointer)
	if err != nil {
		return err
	}
	report := newInspectReport(loaded)
	if opts.output == outputJSON {
		return writeJSON(w, report)
	}
	return writeInspectTables(w, report, opts)
}
