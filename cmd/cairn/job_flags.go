package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/cairnstate/cairn/job"
)

// jobFlags say which job a checkpoint is to be restored into.
type jobFlags struct {
	source                string
	parallelism           parallelismFlag
	allowNonRestoredState bool
}

func (f *jobFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.source, "job", "",
		"the job: a job.yaml or JSON of Flink's REST API, as a `file` or a URL like http://host:8081/jobs/<id>")
	flags.Var(&f.parallelism, "parallelism",
		"derive the job from the checkpoint, all operators at parallelism `N`, or one with UID=N; uid, operator id or name (may be repeated)")
	flags.BoolVar(&f.allowNonRestoredState, "allow-non-restored-state", false,
		"leave state behind that no operator of the job takes")
}

// described returns the job that --job describes; nil if it is to be derived from
// the checkpoint.
func (f *jobFlags) described(ctx context.Context) (*job.Job, error) {
	if f.source == "" {
		return nil, nil
	}
	if f.parallelism.isSet() {
		return nil, usageError(errors.New("--parallelism is for a job that is derived from the checkpoint; with --job, say it in the file"))
	}
	source, data := f.source, []byte(nil)
	var err error
	if isURL(f.source) {
		if source, data, err = fetchJob(ctx, f.source); err != nil {
			return nil, err
		}
	} else if data, err = os.ReadFile(f.source); err != nil {
		return nil, usageError(err)
	}
	if why := noJob(data); why != "" {
		return nil, usageError(fmt.Errorf("--job: %s %s", source, why))
	}
	parse := job.ParseYAML
	if job.IsFlinkJSON(data) {
		parse = job.ParseFlinkJSON
	}
	j, err := parse(source, data)
	if err != nil {
		return nil, usageError(err)
	}
	return j, nil
}

// derived returns the job that the checkpoint was taken of, as far as it tells, at
// the parallelism that the user wants.
func (f *jobFlags) derived(of *loaded) (*job.Job, error) {
	j, err := job.FromMetadata(&of.file.Metadata, f.parallelism.Parallelism)
	if errors.Is(err, job.ErrOperatorTwice) {
		return nil, negative(fmt.Errorf("%s: %w", of.metadataFile, err))
	}
	if err != nil {
		return nil, usageError(err)
	}
	return j, nil
}
