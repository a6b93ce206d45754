package checkpointing

import (
	"fmt"
	"strings"
	"time"

	"github.com/cairnstate/cairn/job/configuration"
)

// choiceOption is an option of one of several names.
func choiceOption[T ~uint8](key, meaning string, names []string, field func(*Config) *T, former ...string) Option {
	c := Default()
	return Option{
		Key: key, Former: former, Type: strings.Join(names, ", "), Meaning: meaning, Default: names[*field(&c)],
		set: func(c *Config, v configuration.Value) error {
			i, err := v.OneOf(names...)
			*field(c) = T(i)
			return err
		},
		check: func(c *Config) error {
			if int(*field(c)) >= len(names) {
				return fmt.Errorf("%d is none of %s", *field(c), strings.Join(names, ", "))
			}
			return nil
		},
	}
}

// intervalOption is unset by default, and cannot be set to 0: leaving it out is what
// turns checkpoints off.
func intervalOption() Option {
	return Option{
		Key: keyInterval, Type: "duration", Default: "none",
		Meaning: "Between the beginnings of checkpoints; at least 10 ms. Without it there are no checkpoints but savepoints.",
		set: func(c *Config, v configuration.Value) (err error) {
			if c.Interval, err = v.Duration(); err == nil && c.Interval < MinimalTime {
				err = v.Wrong(tooShort(c.Interval))
			}
			return err
		},
		check: func(c *Config) error {
			if c.Interval != 0 && c.Interval < MinimalTime {
				return tooShort(c.Interval)
			}
			return nil
		},
	}
}

func backlogOption() Option {
	return Option{
		Key: keyBacklog, Type: "duration", Default: "none",
		Meaning: "The interval while a source reports a backlog; not below the usual one. 0 for no checkpoints then.",
		set: func(c *Config, v configuration.Value) error {
			d, err := v.Duration()
			c.IntervalDuringBacklog = &d
			return err
		},
		check: func(c *Config) error {
			if d := c.IntervalDuringBacklog; d != nil && *d != 0 && *d < MinimalTime {
				return tooShort(*d)
			}
			return nil
		},
	}
}

func timeoutOption() Option {
	o := durationOption("execution.checkpointing.timeout", "After which a checkpoint is given up; at least 10 ms.",
		func(c *Config) *time.Duration { return &c.Timeout })
	o.check = func(c *Config) error {
		if c.Timeout < MinimalTime {
			return tooShort(c.Timeout)
		}
		return nil
	}
	return o
}

func tooShort(d time.Duration) error {
	return fmt.Errorf("%s is shorter than %s", d, MinimalTime)
}

func ignoreOption() Option {
	return Option{
		Key: "execution.state-recovery.without-channel-state.checkpoint-id", Type: "number", Default: "-1",
		Former:  []string{"execution.checkpointing.recover-without-channel-state.checkpoint-id"},
		Meaning: "A checkpoint that is restored without its records in flight; -1 for none.",
		set: func(c *Config, v configuration.Value) (err error) {
			c.IgnoreInFlightOf, err = v.Long()
			return err
		},
	}
}

func inlineOption() Option {
	return Option{
		Key: "execution.checkpointing.data-inline-threshold", Type: "size",
		Former:  []string{"state.storage.fs.memory-threshold", "state.backend.fs.memory-threshold"},
		Default: configuration.FormatMemorySize(Default().InlineThreshold),
		Meaning: "State up to this size is put into the metadata, not into a file of its own; above 1 mb it is the default, with a warning.",
		set: func(c *Config, v configuration.Value) (err error) {
			c.InlineThreshold, err = v.Bytes()
			return err
		},
	}
}
