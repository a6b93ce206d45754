package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cairnstate/cairn/checkpoint"
)

func newUIDCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "uid UID...",
		Short: "Print the operator id that Flink derives from a uid",
		Long: `Prints, for each uid as given to uid("...") in a Flink job, the operator id that
savepoints store for it. The id is a hash of the uid and of nothing else.`,
		Example: "  cairn uid my-uid kafka-source",
		Args:    wrongArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runUID(cmd.OutOrStdout(), args)
		},
	}
}

func runUID(w io.Writer, uids []string) error {
	if slices.Contains(uids, "") {
		return usageError(errors.New("a uid is empty: is the shell's variable set?"))
	}
	for _, uid := range uids {
		if _, err := fmt.Fprintf(w, "%s  %s\n", checkpoint.OperatorIDFromUID(uid), uid); err != nil {
			return err
		}
	}
	return nil
}
