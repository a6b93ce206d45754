package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/cairnstate/cairn/storage/storagetest"
)

type verifyOptions struct {
	below    string
	readOnly bool
	noSpeed  bool
	output   outputFormat
}

func newBackendVerifyCommand() *cobra.Command {
	opts := new(verifyOptions)
	cmd := &cobra.Command{
		Use:   "verify URL",
		Short: "Find out whether a store keeps what checkpoints need, and how fast it is",
		Long: `Asks a bucket or a folder, within about a minute from nearby, whether it keeps the promises
that checkpoints depend on: the very checks that cairn's own backends are tested with. It
says which permissions are missing, and how fast the store is from here.

URL is where the checkpoints will be, with the parameters of its store, as for
--location. All is done in a new directory below it, which is emptied afterwards, also
after Ctrl-C. Some 380 MiB are written, and some 340 MiB read; --no-speed needs less.

Exit codes: 0 all promises are kept; 3 one is broken, or a permission is missing;
1 the store could not be asked: no such bucket or folder, nothing in it to read;
2 the command line is wrong.

The format of the JSON is stable.`,
		Example: "  cairn backend verify s3://bucket/checkpoints\n" +
			"  cairn backend verify 's3://bucket?endpoint=http://127.0.0.1:9000' -o json\n" +
			"  cairn backend verify --read-only gs://bucket/savepoints",
		Args: wrongArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runBackendVerify(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), args[0], opts)
		},
	}
	opts.output.addFlag(cmd)
	cmd.Flags().StringVar(&opts.below, "below", "", "work below this `directory` of the URL")
	cmd.Flags().BoolVar(&opts.readOnly, "read-only", false, "write nothing: ask only what reading what is there can tell")
	cmd.Flags().BoolVar(&opts.noSpeed, "no-speed", false, "do not measure how fast it is")
	return cmd
}

func runBackendVerify(ctx context.Context, w, progress io.Writer, url string, opts *verifyOptions) error {
	target, err := openTarget(ctx, url, opts)
	if err != nil {
		return err
	}
	defer target.backend.Close()
	if err := target.askable(opts); err != nil {
		return err
	}
	show := newProgress(progress)
	report, err := verify(ctx, target, opts, show)
	show.done()
	if err != nil {
		return err
	}
	if err := writeVerifyReport(w, report, opts.output); err != nil {
		return err
	}
	return report.answer()
}

// verify asks the store. What was written is gone when it returns, or named in the
// report.
func verify(ctx context.Context, target *verifyTarget, opts *verifyOptions, show *progress) (report *verifyReport, err error) {
	began := time.Now()
	report = newVerifyReport(target, opts)
	if !opts.readOnly {
		defer func() {
			left, failed := target.clean(ctx)
			report.LeftBehind = left
			if !report.denies("delete") { // then it is told with the rest
				err = errors.Join(err, failed)
			}
		}()
	}
	show.step("permissions")
	report.Permissions, err = probe(ctx, target, opts.readOnly)
	if err == nil && opts.readOnly && report.obstacle() == "" {
		err = target.holdsSomething(ctx)
	}
	if err != nil {
		return report, err
	}
	checks := storagetest.Checks()
	if opts.readOnly {
		checks = storagetest.ReadingChecks()
	}
	if why := report.obstacle(); why != "" {
		report.notAsked(checks, why)
	} else if err := runChecks(ctx, target, checks, report, show); err != nil {
		return report, err
	} else if err := askMore(ctx, target, opts, report, show); err != nil {
		return report, err
	}
	report.judge()
	report.Seconds = time.Since(began).Seconds()
	return report, nil
}

// askMore finds out what no check says, by writing.
func askMore(ctx context.Context, target *verifyTarget, opts *verifyOptions, report *verifyReport, show *progress) (err error) {
	if opts.readOnly {
		return nil
	}
	report.tellWays(ctx, target)
	if opts.noSpeed {
		return nil
	}
	show.step("speed")
	if report.Speed, err = measure(ctx, target); err != nil {
		return fmt.Errorf("measuring the speed: %w", err)
	}
	return nil
}

// runChecks fills the report with what the checks say. A check that the end of the
// context has cut off says nothing about the store.
func runChecks(ctx context.Context, target *verifyTarget, checks []storagetest.Check, report *verifyReport, show *progress) error {
	opts := &storagetest.Options{Below: target.dir, Connect: target.connect, LargeSize: target.largeSize()}
	if report.ReadOnly {
		opts.Below = target.below
	}
	for i, check := range checks {
		show.step(fmt.Sprintf("%d of %d  %s: %s", i+1, len(checks), check.Topic, check.Name))
		began := time.Now()
		err := check.Verify(ctx, target.backend, opts)
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted: %w", context.Cause(ctx))
		}
		report.add(check, err, time.Since(began))
	}
	return nil
}
