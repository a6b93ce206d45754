package checkpointing

import (
	"fmt"
	"time"

	"github.com/cairnstate/cairn/job/configuration"
)

// The keys that rules speak of.
const (
	keyInterval     = "execution.checkpointing.interval"
	keyBacklog      = "execution.checkpointing.interval-during-backlog"
	keyConcurrent   = "execution.checkpointing.max-concurrent-checkpoints"
	keyPauseSources = "pipeline.sources.pause-until-first-checkpoint"
)

// Option is one line of the table of options.
type Option struct {
	Key     string   // of Flink 2.x
	Former  []string // names that are still read, the first that is set
	Type    string   // duration, size, number, true or false, text, or the names to choose from
	Default string   // as a file would have it; "none" if it is unset
	Meaning string

	set   func(*Config, configuration.Value) error
	check func(*Config) error // nil where every value will do
}

// Options returns the options that Read knows, in the order of the documentation.
func Options() []Option { return options() }

// Read returns what a configuration chooses, and Default for the rest. Keys that are no
// options of checkpoints are left to others. Errors are *configuration.Error, which
// name file, line and key, several of them joined.
func Read(from *configuration.Configuration) (Config, error) {
	c := Default()
	return c, c.Read(from)
}

func durationOption(key, meaning string, field func(*Config) *time.Duration, former ...string) Option {
	c := Default()
	return Option{
		Key: key, Former: former, Type: "duration", Meaning: meaning, Default: configuration.FormatDuration(*field(&c)),
		set: func(c *Config, v configuration.Value) (err error) { *field(c), err = v.Duration(); return err },
		check: func(c *Config) error {
			if *field(c) < 0 {
				return fmt.Errorf("%s is negative", *field(c))
			}
			return nil
		},
	}
}

func intOption(key, meaning string, least int32, field func(*Config) *int32) Option {
	c := Default()
	return Option{
		Key: key, Type: "number", Meaning: meaning, Default: fmt.Sprint(*field(&c)),
		set: func(c *Config, v configuration.Value) (err error) { *field(c), err = v.Int(); return err },
		check: func(c *Config) error {
			if *field(c) < least {
				return fmt.Errorf("%d is less than %d", *field(c), least)
			}
			return nil
		},
	}
}

func boolOption(key, meaning string, field func(*Config) *bool, former ...string) Option {
	c := Default()
	return Option{
		Key: key, Former: former, Type: "true or false", Meaning: meaning, Default: fmt.Sprint(*field(&c)),
		set: func(c *Config, v configuration.Value) (err error) { *field(c), err = v.Bool(); return err },
	}
}

func textOption(key, meaning string, field func(*Config) *string, former ...string) Option {
	return Option{
		Key: key, Former: former, Type: "text", Meaning: meaning, Default: "none",
		set: func(c *Config, v configuration.Value) error { *field(c) = v.Text; return nil },
	}
}
