package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/s3"
	"github.com/cairnstate/cairn/task/local"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) { // which parse has printed
		fmt.Fprintln(os.Stderr, "wordcount:", err)
		os.Exit(1)
	}
}

// run runs the job until the context ends.
func run(ctx context.Context, o *options) error {
	var registry backend.Registry
	registry.Register(fs.Open, "file")
	registry.Register(s3.Opener(nil), s3.Schemes()...)
	stores, err := storage.New(&registry, nil)
	if err != nil {
		return err
	}
	defer stores.Close()
	output, directory, err := stores.Backend(ctx, o.output)
	if err != nil {
		return err
	}
	if err := sweepDisks(ctx, stores, o.checkpoints, o.output); err != nil {
		return err
	}
	env, err := o.environment()
	if err != nil {
		return err
	}
	// The id is the same for ever: it is how the job finds its checkpoints again.
	id := checkpoint.JobID(checkpoint.OperatorIDFromUID("wordcount"))
	var opts local.Options
	opts.Runtime.Logger = o.logger()
	if o.savepoints != "" {
		opts.StopWithSavepoint = func(pointer string) { fmt.Println(pointer) }
	}
	return local.Run(ctx, id, wordcount(env, o.pause, output, directory), stores, &opts)
}

// sweepDisks removes what processes that were killed while they wrote have left on local
// disks; stores like S3 have nothing of that kind.
func sweepDisks(ctx context.Context, stores *storage.BackendStorage, directories ...string) error {
	for _, directory := range directories {
		b, key, err := stores.Backend(ctx, directory)
		if err != nil {
			return err
		}
		if disk, ok := b.(*fs.Backend); ok {
			if _, err := disk.Sweep(ctx, key, time.Minute); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *options) logger() *slog.Logger {
	level := slog.LevelWarn
	if o.verbose {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
