package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

const rootHelp = `cairn looks into savepoints and checkpoints of Apache Flink, on local disks, S3
and GCS, without a JVM or a cluster.

A POINTER is what Flink takes: the directory of a savepoint or checkpoint, or its
metadata file, as a path or a URI.

  /data/savepoints/savepoint-3c7c0a-07c49f841952
  s3://bucket/checkpoints/<job id>/chk-42
  gs://bucket/savepoints/savepoint-de9fd4-35f289091a1b/_metadata

Exit codes:
  0  it worked, the answer is yes
  1  it failed
  2  the command line is wrong
  3  the answer is no: the checkpoint does not restore into the job, the store
     does not keep what checkpoints need`

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "cairn",
		Short:         "Answers about Flink savepoints, without a JVM",
		Long:          rootHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          wrongArgs(cobra.NoArgs),
		Version:       buildVersion(), // makes the flag --version
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate(versionLine())
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError(fmt.Errorf("%w\n\nSee '%s --help'.", err, cmd.CommandPath()))
	})
	root.AddCommand(
		newResolveCommand(),
		newInspectCommand(),
		newPlanCommand(),
		newRestoreCommand(),
		newBackendCommand(),
		newUIDCommand(),
		newVersionCommand(),
	)
	return root
}

// outputFormat is the value of the flag -o.
type outputFormat string

const (
	outputTable outputFormat = "table"
	outputJSON  outputFormat = "json"
)

func (o *outputFormat) String() string { return string(*o) }

func (o *outputFormat) Type() string { return "format" }

func (o *outputFormat) Set(s string) error {
	switch f := outputFormat(s); f {
	case outputTable, outputJSON:
		*o = f
		return nil
	}
	return errors.New(`must be "table" or "json"`)
}

func (o *outputFormat) addFlag(cmd *cobra.Command) {
	*o = outputTable
	cmd.Flags().VarP(o, "output", "o", `output format: "table" or "json"`)
}
