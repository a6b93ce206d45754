package main

import (
	"errors"
	"flag"
	"os"
	"time"

	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/configuration"
	"github.com/cairnstate/cairn/job/stream"
)

// options are the command line.
type options struct {
	config, checkpoints, savepoints, output, from string
	parallelism                                   int
	interval, pause                               time.Duration
	verbose                                       bool
}

func parse(args []string) (*options, error) {
	o := new(options)
	flags := flag.NewFlagSet("wordcount", flag.ContinueOnError)
	flags.StringVar(&o.checkpoints, "checkpoints", "", "`directory` of checkpoints, such as /tmp/checkpoints or s3://bucket/checkpoints")
	flags.StringVar(&o.output, "output", "", "`directory` of the counts")
	flags.StringVar(&o.savepoints, "savepoints", "", "`directory` of savepoints; with it, SIGTERM ends the job with one")
	flags.StringVar(&o.from, "from", "", "`savepoint` to begin with, if the job has no checkpoint")
	flags.StringVar(&o.config, "config", "", "`file` with settings of checkpoints, as Flink's config.yaml")
	flags.IntVar(&o.parallelism, "parallelism", 2, "subtasks of each operator")
	flags.DurationVar(&o.interval, "interval", time.Second, "between checkpoints")
	flags.DurationVar(&o.pause, "pause", 10*time.Millisecond, "between two words of a split")
	flags.BoolVar(&o.verbose, "v", false, "tell the story of each checkpoint")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if o.checkpoints == "" || o.output == "" {
		return nil, errors.New("say where things go: -checkpoints and -output; -h tells more")
	}
	return o, nil
}

// environment says how the job is checkpointed: as the configuration file does, if there
// is one, and then as the command line does.
func (o *options) environment() (*stream.Environment, error) {
	from, err := o.configuration()
	if err != nil {
		return nil, err
	}
	env, err := stream.NewEnvironment(from)
	if err != nil {
		return nil, err
	}
	env.Parallelism = int32(o.parallelism)
	env.Checkpointing.Directory = o.checkpoints
	env.Checkpointing.SavepointDirectory = o.savepoints
	env.Checkpointing.Restore.Path = o.from
	env.Checkpointing.Retention = checkpointing.RetainOnCancellation
	return env, env.EnableCheckpointing(o.interval)
}

// configuration reads the configuration file; nil if there is none.
func (o *options) configuration() (*configuration.Configuration, error) {
	if o.config == "" {
		return nil, nil
	}
	data, err := os.ReadFile(o.config)
	if err != nil {
		return nil, err
	}
	return configuration.Parse(o.config, data)
}
