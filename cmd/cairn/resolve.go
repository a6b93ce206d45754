package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"
)

type resolveOptions struct {
	storage storageFlags
	output  outputFormat
}

func newResolveCommand() *cobra.Command {
	opts := new(resolveOptions)
	cmd := &cobra.Command{
		Use:   "resolve POINTER",
		Short: "Find the checkpoint that a pointer names",
		Long: `Finds the checkpoint or savepoint that POINTER names, by Flink's rules, and prints
the pointer in its qualified form and the path of the metadata file. The metadata
is not read.`,
		Example: "  cairn resolve s3://bucket/savepoints/savepoint-3c7c0a-07c49f841952/",
		Args:    wrongArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runResolve(cmd.Context(), cmd.OutOrStdout(), args[0], opts)
		},
	}
	opts.storage.add(cmd)
	opts.output.addFlag(cmd)
	return cmd
}

// resolveReport is the JSON of `cairn resolve`.
type resolveReport struct {
	Pointer      string `json:"pointer"`      // qualified, the checkpoint's directory
	MetadataFile string `json:"metadataFile"` // the path of the metadata file
}

func runResolve(ctx context.Context, w io.Writer, pointer string, opts *resolveOptions) error {
	store, err := opts.storage.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	location, err := resolve(ctx, store, pointer)
	if err != nil {
		return err
	}
	defer location.Close()
	report := resolveReport{Pointer: location.ExternalPointer(), MetadataFile: location.MetadataPath()}
	if opts.output == outputJSON {
		return writeJSON(w, report)
	}
	return writeFields(w, field{"pointer", report.Pointer}, field{"metadata", report.MetadataFile})
}
