package checkpointing

import (
	"errors"
	"math"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
)

// Disabled is an interval at which nothing ever happens.
const Disabled time.Duration = math.MaxInt64

// longestPause is one year, as Flink has it, so that no sum of times overflows.
const longestPause = 365 * 24 * time.Hour

// CoordinatorConfiguration is what a checkpoint coordinator is told (Flink:
// CheckpointCoordinatorConfiguration). Config.Coordinator makes it.
type CoordinatorConfiguration struct {
	Interval                  time.Duration // Disabled for none; never below MinPause
	IntervalDuringBacklog     time.Duration // Disabled for none
	Timeout                   time.Duration
	MinPause                  time.Duration // at most a year
	MaxConcurrent             int32
	Retention                 checkpoint.RetentionPolicy
	ExactlyOnce               bool
	TolerableFailures         int32
	Unaligned                 bool
	AlignedTimeout            time.Duration
	IgnoreInFlightOf          int64
	AfterTasksFinish          bool
	RecoverOutputOnDownstream bool
	PauseSources              bool
}

// Periodic reports whether checkpoints are triggered by the clock. Savepoints are
// possible either way.
func (c *CoordinatorConfiguration) Periodic() bool { return c.Interval > 0 && c.Interval < Disabled }

// JobSettings is how one job is checkpointed (Flink: JobCheckpointingSettings, and the
// lists of vertices that it had until 1.12). A job has them with periodic checkpoints
// or without.
type JobSettings struct {
	Coordinator CoordinatorConfiguration

	Trigger     []checkpoint.JobVertexID // those without inputs: barriers start here
	Acknowledge []checkpoint.JobVertexID // all: a checkpoint is complete when these have answered
	Confirm     []checkpoint.JobVertexID // all: these are told that it is
}

// Coordinator returns what holds of all that was chosen. Errors are *OptionError,
// several of them joined: those of Check, and options that do not go together.
func (c *Config) Coordinator() (CoordinatorConfiguration, error) {
	if err := errors.Join(c.Check(), c.checkTogether()); err != nil {
		return CoordinatorConfiguration{}, err
	}
	pause := min(c.MinPause, longestPause)
	return CoordinatorConfiguration{
		Interval:                  max(orDisabled(c.Interval), pause),
		IntervalDuringBacklog:     c.backlog(),
		Timeout:                   c.Timeout,
		MinPause:                  pause,
		MaxConcurrent:             c.MaxConcurrent,
		Retention:                 c.Retention.policy(),
		ExactlyOnce:               c.EffectiveMode() == ExactlyOnce,
		TolerableFailures:         c.TolerableFailures,
		Unaligned:                 c.EffectiveUnaligned(),
		AlignedTimeout:            c.AlignedTimeout,
		IgnoreInFlightOf:          c.IgnoreInFlightOf,
		AfterTasksFinish:          c.AfterTasksFinish,
		RecoverOutputOnDownstream: c.RecoverOutputOnDownstream,
		PauseSources:              c.PauseSources,
	}, nil
}

func (c *Config) backlog() time.Duration {
	if c.IntervalDuringBacklog == nil {
		return orDisabled(c.Interval)
	}
	return orDisabled(*c.IntervalDuringBacklog)
}

func orDisabled(interval time.Duration) time.Duration {
	if interval < MinimalTime {
		return Disabled
	}
	return interval
}

func (r Retention) policy() checkpoint.RetentionPolicy {
	switch r {
	case RetainOnCancellation:
		return checkpoint.RetainOnCancellation
	case DeleteOnCancellation:
		return checkpoint.RetainOnFailure
	}
	return checkpoint.NeverRetainAfterTermination
}

// checkTogether tells which options exclude each other.
func (c *Config) checkTogether() error {
	var problems []error
	wrong := func(key, reason string) {
		problems = append(problems, &OptionError{key, errors.New(reason)})
	}
	if c.backlog() < orDisabled(c.Interval) {
		wrong(keyBacklog, "is shorter than the interval; during backlog checkpoints can only be rarer")
	}
	if c.EffectiveUnaligned() && c.MaxConcurrent > 1 {
		wrong(keyConcurrent, "is more than 1, but checkpoints are unaligned; choose one of them")
	}
	if c.Enabled() && c.PauseSources && c.backlog() == Disabled {
		wrong(keyPauseSources, "sources would wait for a checkpoint that "+keyBacklog+" prevents during backlog; choose one of them")
	}
	return errors.Join(problems...)
}
