package checkpointing

import (
	"errors"
	"math"
	"time"

	"github.com/cairnstate/cairn/job/configuration"
)

// options is the table.
func options() []Option {
	var all []Option
	all = append(all, triggerOptions()...)
	all = append(all, alignmentOptions()...)
	all = append(all, storageOptions()...)
	return append(all, recoveryOptions()...)
}

func triggerOptions() []Option {
	return []Option{
		intervalOption(),
		backlogOption(),
		timeoutOption(),
		durationOption("execution.checkpointing.min-pause", "From the end of one checkpoint to the beginning of the next. The interval is at least this.",
			func(c *Config) *time.Duration { return &c.MinPause }),
		intOption(keyConcurrent, "Checkpoints at a time; 1 if they are unaligned.", 1,
			func(c *Config) *int32 { return &c.MaxConcurrent }),
		choiceOption("execution.checkpointing.mode", "What a checkpoint guarantees. Without an interval it is AT_LEAST_ONCE.", modeNames,
			func(c *Config) *Mode { return &c.Mode }),
		intOption("execution.checkpointing.tolerable-failed-checkpoints", "Failures in a row before the job fails.", 0,
			func(c *Config) *int32 { return &c.TolerableFailures }),
		choiceOption("execution.checkpointing.externalized-checkpoint-retention", "What becomes of checkpoints when the job ends.", retentionNames,
			func(c *Config) *Retention { return &c.Retention }),
		boolOption("execution.checkpointing.checkpoints-after-tasks-finish", "Go on when some tasks have finished.",
			func(c *Config) *bool { return &c.AfterTasksFinish }, "execution.checkpointing.checkpoints-after-tasks-finish.enabled"),
		boolOption(keyPauseSources, "Sources wait for the first checkpoint.",
			func(c *Config) *bool { return &c.PauseSources }),
	}
}

func alignmentOptions() []Option {
	return []Option{
		boolOption("execution.checkpointing.unaligned.enabled", "Barriers overtake records, which become part of the checkpoint. Only with EXACTLY_ONCE.",
			func(c *Config) *bool { return &c.Unaligned }, "execution.checkpointing.unaligned"),
		durationOption("execution.checkpointing.aligned-checkpoint-timeout", "How long an unaligned checkpoint tries to be aligned.",
			func(c *Config) *time.Duration { return &c.AlignedTimeout }, "execution.checkpointing.alignment-timeout"),
		boolOption("execution.checkpointing.unaligned.forced", "Unaligned even with custom partitioners.",
			func(c *Config) *bool { return &c.ForceUnaligned }),
		intOption("execution.checkpointing.unaligned.max-subtasks-per-channel-state-file", "Subtasks that put their records in flight into one file.", 1,
			func(c *Config) *int32 { return &c.MaxSubtasksPerChannelStateFile }),
		boolOption("execution.checkpointing.unaligned.recover-output-on-downstream.enabled", "Consumers restore what producers had sent.",
			func(c *Config) *bool { return &c.RecoverOutputOnDownstream }),
	}
}

func storageOptions() []Option {
	buffer := intOption("execution.checkpointing.write-buffer-size", "Bytes; the inline threshold if that is more.", 0,
		func(c *Config) *int32 { return &c.WriteBuffer })
	buffer.Former = []string{"state.storage.fs.write-buffer-size", "state.backend.fs.write-buffer-size"}
	retained := intOption("execution.checkpointing.num-retained", "Completed checkpoints that are kept. Below 1 it is 1, with a warning.", math.MinInt32,
		func(c *Config) *int32 { return &c.Retained })
	retained.Former = []string{"state.checkpoints.num-retained"}
	return []Option{
		textOption("execution.checkpointing.dir", "Where checkpoints go.",
			func(c *Config) *string { return &c.Directory }, "state.checkpoints.dir", "state.backend.fs.checkpointdir"),
		textOption("execution.checkpointing.savepoint-dir", "Where savepoints go unless they are told.",
			func(c *Config) *string { return &c.SavepointDirectory }, "state.savepoints.dir", "savepoints.state.backend.fs.dir"),
		boolOption("execution.checkpointing.create-subdir", "Below the directory, one named by the job's id.",
			func(c *Config) *bool { return &c.CreateSubdir }, "state.checkpoints.create-subdir"),
		inlineOption(),
		buffer,
		retained,
	}
}

func recoveryOptions() []Option {
	return []Option{
		textOption("execution.state-recovery.path", "The savepoint or checkpoint that the job begins with.",
			func(c *Config) *string { return &c.Restore.Path }, "execution.savepoint.path"),
		boolOption("execution.state-recovery.ignore-unclaimed-state", "State may be left behind that no operator takes.",
			func(c *Config) *bool { return &c.Restore.AllowNonRestoredState }, "execution.savepoint.ignore-unclaimed-state"),
		choiceOption("execution.state-recovery.claim-mode", "To whom the files of what is restored belong afterwards.", claimModeNames,
			func(c *Config) *ClaimMode { return &c.Restore.ClaimMode }, "execution.savepoint-restore-mode"),
		ignoreOption(),
	}
}

// Read takes over what a configuration chooses, and keeps the rest. Errors are those of
// the function Read.
func (c *Config) Read(from *configuration.Configuration) error {
	var problems []error
	for _, option := range options() {
		value, chosen := from.Lookup(option.Key, option.Former...)
		if !chosen {
			continue
		}
		if err := option.read(c, value); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func (o *Option) read(c *Config, value configuration.Value) error {
	if err := o.set(c, value); err != nil {
		return err
	}
	if o.check == nil {
		return nil
	}
	if err := o.check(c); err != nil {
		return value.Wrong(err)
	}
	return nil
}
