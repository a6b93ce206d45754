package checkpointing_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/checkpointing"
)

func with(change func(*checkpointing.Config)) *checkpointing.Config {
	c := checkpointing.Default()
	c.Interval = time.Minute
	change(&c)
	return &c
}

func TestRefused(t *testing.T) {
	backlog := func(d time.Duration) func(*checkpointing.Config) {
		return func(c *checkpointing.Config) { c.IntervalDuringBacklog = &d }
	}
	for key, change := range map[string]func(*checkpointing.Config){
		"execution.checkpointing.interval":                          func(c *checkpointing.Config) { c.Interval = 9 * time.Millisecond },
		"execution.checkpointing.timeout":                           func(c *checkpointing.Config) { c.Timeout = 0 },
		"execution.checkpointing.min-pause":                         func(c *checkpointing.Config) { c.MinPause = -1 },
		"execution.checkpointing.mode":                              func(c *checkpointing.Config) { c.Mode = 9 },
		"execution.checkpointing.interval-during-backlog":           backlog(time.Second),
		"execution.checkpointing.max-concurrent-checkpoints":        func(c *checkpointing.Config) { c.Unaligned, c.MaxConcurrent = true, 2 },
		"pipeline.sources.pause-until-first-checkpoint":             func(c *checkpointing.Config) { c.PauseSources = true; backlog(0)(c) },
		"execution.checkpointing.externalized-checkpoint-retention": func(c *checkpointing.Config) { c.Retention = 9 },
	} {
		_, err := with(change).Coordinator()
		option, ok := errors.AsType[*checkpointing.OptionError](err)
		if !ok || option.Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// What is together refused is allowed where one of the two has no effect.
func TestAllowed(t *testing.T) {
	for name, c := range map[string]*checkpointing.Config{
		"unaligned at least once": with(func(c *checkpointing.Config) {
			c.Unaligned, c.MaxConcurrent, c.Mode = true, 2, checkpointing.AtLeastOnce
		}),
		"unaligned without checkpoint": with(func(c *checkpointing.Config) { c.Unaligned, c.MaxConcurrent, c.Interval = true, 2, 0 }),
		"pausing without checkpoints":  with(func(c *checkpointing.Config) { c.PauseSources, c.Interval = true, 0 }),
	} {
		told, err := c.Coordinator()
		if err != nil || told.Unaligned {
			t.Errorf("%s: %+v, %v", name, told, err)
		}
	}
}

func TestWhatHolds(t *testing.T) {
	off, err := with(func(c *checkpointing.Config) { c.Interval = 0 }).Coordinator()
	if err != nil || off.Periodic() || off.ExactlyOnce || off.Interval != checkpointing.Disabled || off.IntervalDuringBacklog != checkpointing.Disabled {
		t.Errorf("without an interval: %+v, %v", off, err)
	}
	paused, err := with(func(c *checkpointing.Config) { c.MinPause = 2 * time.Hour }).Coordinator()
	if err != nil || paused.Interval != 2*time.Hour || paused.IntervalDuringBacklog != time.Minute || !paused.Periodic() {
		t.Errorf("with a long pause: %+v, %v", paused, err)
	}
	year, err := with(func(c *checkpointing.Config) { c.MinPause = 4000 * 24 * time.Hour }).Coordinator()
	if err != nil || year.MinPause != 365*24*time.Hour {
		t.Errorf("with a pause of years: %+v, %v", year, err)
	}
	for retention, want := range map[checkpointing.Retention]checkpoint.RetentionPolicy{
		checkpointing.NoExternalizedCheckpoints: checkpoint.NeverRetainAfterTermination,
		checkpointing.DeleteOnCancellation:      checkpoint.RetainOnFailure,
		checkpointing.RetainOnCancellation:      checkpoint.RetainOnCancellation,
	} {
		if told, _ := with(func(c *checkpointing.Config) { c.Retention = retention }).Coordinator(); told.Retention != want {
			t.Errorf("%s becomes %s, want %s", retention, told.Retention, want)
		}
	}
}

func TestFallbacks(t *testing.T) {
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	good := with(func(c *checkpointing.Config) { c.Retained, c.InlineThreshold = 3, 1<<20 })
	if good.RetainedCheckpoints(log) != 3 || good.EffectiveInlineThreshold(log) != 1<<20 || good.EffectiveWriteBuffer() != 1<<20 || said.Len() > 0 {
		t.Errorf("good values: %d, %d, %s", good.RetainedCheckpoints(nil), good.EffectiveInlineThreshold(nil), said.String())
	}
	bad := with(func(c *checkpointing.Config) { c.Retained, c.InlineThreshold = 0, 1<<20+1 })
	if bad.RetainedCheckpoints(log) != 1 || bad.EffectiveInlineThreshold(log) != 20<<10 || bad.RetainedCheckpoints(nil) != 1 {
		t.Errorf("bad values: %d, %d", bad.RetainedCheckpoints(nil), bad.EffectiveInlineThreshold(nil))
	}
	for _, want := range []string{"level=WARN", "num-retained configured=0 used=1", "data-inline-threshold configured=1048577 used=20480"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("the log says nothing of %q:\n%s", want, said.String())
		}
	}
}
