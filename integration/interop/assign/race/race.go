package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/cairnstate/cairn/integration/interop/assign/internal/judge"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

func race(ctx context.Context, out io.Writer, rounds int) error {
	classpath, err := judge.Build(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "race-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	flink, err := judge.StartRace(ctx, classpath)
	if err != nil {
		return err
	}
	defer flink.Close()
	fmt.Fprintf(out, "Flink, warm; cairn with %s on one core; medians of %d rounds\n\n", runtime.Version(), rounds)
	fmt.Fprintf(out, "%-48s  %11s  %11s  %s\n", "", "Flink, ms", "cairn, ms", "cairn is faster by")
	for _, d := range disciplines {
		if err := d.run(flink, filepath.Join(dir, "case.json"), rounds, out); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return growth(out, rounds)
}

func (d discipline) run(flink *judge.Judge, file string, rounds int, out io.Writer) error {
	c := d.make()
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	// Warm both, and decode once for all rounds of Flink.
	if _, err := flink.Time(file, d.warmUp); err != nil {
		return err
	}
	var theirs, ours []time.Duration
	for range rounds {
		their, err := flink.Time(file, 1)
		if err != nil {
			return err
		}
		our, err := timed(c)
		if err != nil {
			return err
		}
		theirs, ours = append(theirs, their...), append(ours, our)
	}
	f, o := median(theirs), median(ours)
	_, err = fmt.Fprintf(out, "%-48s  %11.2f  %11.3f  %10.0fx\n", d.name, milliseconds(f), milliseconds(o), float64(f)/float64(o))
	return err
}

// timed is one assignment, with what every subtask is told.
func timed(c *verdict.Case) (time.Duration, error) {
	j, err := job.New(c.Vertices...)
	if err != nil {
		return 0, err
	}
	runtime.GC()
	start := time.Now()
	a, err := restore.Assign(1, j, c.Checkpoint.Operators, nil)
	if err != nil {
		return 0, err
	}
	for i := range a.Vertices {
		for task := range a.Vertices[i].Subtasks() {
			runtime.KeepAlive(task)
		}
	}
	return time.Since(start), nil
}

func median(times []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(times))[len(times)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
