package checkpointing

import (
	"errors"
	"fmt"
	"time"
)

// MinimalTime is the shortest interval and the shortest timeout.
const MinimalTime = 10 * time.Millisecond

// Config is what a user chooses (Flink: CheckpointConfig, and the options that its
// storages and its coordinator read). Start from Default: the zero value retains no
// checkpoint and runs none, which Check refuses. A Config is a value, and safe for
// concurrent use while nobody changes it.
type Config struct {
	// Interval between the beginnings of checkpoints; 0 for none but savepoints.
	Interval time.Duration

	// IntervalDuringBacklog holds while a source reports a backlog; nil for
	// Interval, 0 for no checkpoints then.
	IntervalDuringBacklog *time.Duration

	Timeout           time.Duration // after which a checkpoint is given up
	MinPause          time.Duration // from the end of one checkpoint to the beginning of the next
	MaxConcurrent     int32         // checkpoints at a time, at least 1
	Mode              Mode
	TolerableFailures int32 // in a row, before the job fails
	Retention         Retention

	Unaligned      bool          // barriers overtake records, which become part of the checkpoint
	AlignedTimeout time.Duration // how long an unaligned checkpoint tries to be aligned; 0 for not at all
	ForceUnaligned bool          // even where Flink does not support it

	MaxSubtasksPerChannelStateFile int32 // that put their records in flight into one file
	RecoverOutputOnDownstream      bool  // consumers restore what producers had sent
	AfterTasksFinish               bool  // go on when some tasks have finished
	PauseSources                   bool  // sources wait for the first checkpoint

	Restore            SavepointRestoreSettings
	IgnoreInFlightOf   int64  // id of a checkpoint whose records in flight are not restored; -1 for none
	Directory          string // of checkpoints; empty if not chosen
	SavepointDirectory string // where savepoints go unless they are told; empty if not chosen
	InlineThreshold    int64  // bytes up to which state is put into the metadata
	WriteBuffer        int32  // bytes; the threshold if that is more
	CreateSubdir       bool   // below Directory, one named by the job's id
	Retained           int32  // completed checkpoints that are kept; see RetainedCheckpoints
}

// Default returns what holds where nothing is chosen.
func Default() Config {
	return Config{
		Timeout:                        10 * time.Minute,
		MaxConcurrent:                  1,
		MaxSubtasksPerChannelStateFile: 5,
		AfterTasksFinish:               true,
		IgnoreInFlightOf:               -1,
		InlineThreshold:                20 << 10,
		WriteBuffer:                    4 << 10,
		CreateSubdir:                   true,
		Retained:                       1,
	}
}

// Enabled reports whether there are periodic checkpoints.
func (c *Config) Enabled() bool { return c.Interval > 0 }

// EffectiveMode returns the mode that holds: at least once where there are no periodic
// checkpoints, because tasks then need not be ready to align.
func (c *Config) EffectiveMode() Mode {
	if !c.Enabled() {
		return AtLeastOnce
	}
	return c.Mode
}

// EffectiveUnaligned reports whether checkpoints are unaligned: only with exactly-once,
// for at-least-once does not wait for barriers in the first place.
func (c *Config) EffectiveUnaligned() bool {
	return c.Unaligned && c.EffectiveMode() == ExactlyOnce
}

// Check tells all that is wrong with single options; errors are *OptionError, several
// of them joined. What is wrong with options together, Coordinator tells.
func (c *Config) Check() error {
	var problems []error
	for _, option := range options() {
		if option.check == nil {
			continue
		}
		if err := option.check(c); err != nil {
			problems = append(problems, &OptionError{option.Key, err})
		}
	}
	return errors.Join(problems...)
}

// OptionError says what is wrong with an option.
type OptionError struct {
	Key string
	Err error
}

// Error returns the key and the reason.
func (e *OptionError) Error() string { return fmt.Sprintf("checkpointing: %s: %s", e.Key, e.Err) }

// Unwrap returns the reason.
func (e *OptionError) Unwrap() error { return e.Err }
