// Command cairn answers questions about Apache Flink's savepoints and
// checkpoints without a JVM or a cluster: where is it, what is in it, will it
// restore into this job, and which subtask then gets what.
//
// Run it without arguments for its commands. Each is a file of this package:
// a constructor that names its flags, and a run function that takes a context
// and writes to the given writer.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit codes, which the help of the root command documents.
const (
	exitYes    = 0
	exitFailed = 1
	exitUsage  = 2
	exitNo     = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRootCommand()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitYes
	}
	fmt.Fprintln(stderr, "cairn:", err)
	if coded, ok := errors.AsType[*codedError](err); ok {
		return coded.code
	}
	return exitFailed
}

// codedError is an error that decides the exit code.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

// usageError marks a mistake in the command line.
func usageError(err error) error { return &codedError{code: exitUsage, err: err} }

// negative marks an answer of no, which is no failure of the command.
func negative(err error) error { return &codedError{code: exitNo, err: err} }

// wrongArgs makes cobra's complaints about arguments count as wrong usage.
func wrongArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError(fmt.Errorf("%w\n\n%s", err, cmd.UsageString()))
		}
		return nil
	}
}
