package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/cairnstate/cairn/checkpoint/metadata"
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
	report, err := inspect(ctx, pointer, &opts.storage)
	if err != nil {
		return err
	}
	if opts.output == outputJSON {
		return writeJSON(w, report)
	}
	return writeInspectTables(w, report, opts)
}

// inspect resolves the pointer, reads the metadata and reports on it.
func inspect(ctx context.Context, pointer string, flags *storageFlags) (*inspectReport, error) {
	store, err := flags.open()
	if err != nil {
		return nil, err
	}
	defer store.Close()
	location, err := store.ResolveCheckpoint(ctx, pointer)
	if err != nil {
		return nil, err
	}
	defer location.Close()
	data, err := location.ReadMetadata(ctx)
	if err != nil {
		return nil, err
	}
	file, err := metadata.Decode(data, nil)
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", location.MetadataPath(), err)
	}
	return newInspectReport(location, int64(len(data)), file), nil
}
