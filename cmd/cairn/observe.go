package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/cairnstate/cairn/storage/limit"
	"github.com/cairnstate/cairn/storage/stack"
	"github.com/cairnstate/cairn/storage/trace"
)

// observeFlags are the flags of all commands that use a store, about how it is used:
// what is told of it, and what is asked of it at most.
type observeFlags struct {
	trace       string
	traceTimes  bool
	metricsFile string
	maxRequests float64
	maxBytes    string

	stderr io.Writer      // of the command that runs
	finish []func() error // when the command is done, whatever came of it
}

// add adds the flags, and makes the command finish what they began.
func (f *observeFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.trace, "trace", "", "write a line for each operation on a store to `FILE`, or - for standard error")
	flags.BoolVar(&f.traceTimes, "trace-times", false, "with how long each took")
	flags.StringVar(&f.metricsFile, "metrics-file", "", "when done, write metrics of the stores to `FILE`, as node_exporter's textfile collector reads them")
	flags.Float64Var(&f.maxRequests, "max-requests", 0, "the most requests to each store in a second; 0 is no limit")
	flags.StringVar(&f.maxBytes, "max-bytes", "", "the most bytes from each store in a second, as in 50MB")
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		f.stderr = cmd.ErrOrStderr()
		return f.done(run(cmd, args))
	}
}

// done finishes, in reverse order.
func (f *observeFlags) done(err error) error {
	for i := len(f.finish) - 1; i >= 0; i-- {
		if failed := f.finish[i](); failed != nil {
			err = errors.Join(err, failed)
		}
	}
	f.finish = nil
	return err
}

// stack returns what the flags say.
func (f *observeFlags) stack(ctx context.Context) (*stack.Options, error) {
	opts := new(stack.Options)
	var err error
	if opts.Limit, err = f.limits(); err != nil {
		return nil, err
	}
	if opts.Trace, err = f.sink(); err != nil {
		return nil, err
	}
	if f.metricsFile != "" {
		metrics, err := newMetrics()
		if err != nil {
			return nil, err
		}
		opts.Meter = metrics.meter()
		f.finish = append(f.finish, func() error { return metrics.write(context.WithoutCancel(ctx), f.metricsFile) })
	}
	return opts, nil
}

func (f *observeFlags) limits() (*limit.Options, error) {
	opts := &limit.Options{Requests: f.maxRequests}
	if f.maxBytes != "" {
		bytes, err := humanize.ParseBytes(f.maxBytes)
		if err != nil || bytes == 0 {
			return nil, usageError(fmt.Errorf("--max-bytes %q: write a size, as in 50MB or 20MiB", f.maxBytes))
		}
		opts.Bytes = float64(bytes)
	}
	if opts.Requests < 0 {
		return nil, usageError(fmt.Errorf("--max-requests %v: it is a number above zero", f.maxRequests))
	}
	if *opts == (limit.Options{}) {
		return nil, nil
	}
	return opts, nil
}

// sink returns where the trace goes; nil for nowhere.
func (f *observeFlags) sink() (trace.Sink, error) {
	text := trace.Text
	if f.traceTimes {
		text = trace.Timed
	}
	switch f.trace {
	case "":
		return nil, nil
	case "-":
		return text(f.stderr), nil
	}
	file, err := os.Create(f.trace)
	if err != nil {
		return nil, fmt.Errorf("--trace: %w", err)
	}
	f.finish = append(f.finish, file.Close)
	return text(file), nil
}
