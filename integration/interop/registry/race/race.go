package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"
)

const checkpointsPerLap = 10

// discipline is a job of one kind.
type discipline struct {
	name         string
	placeholders bool
	shuffled     bool
}

// disciplines, the one that Flink's own state backends are like first.
var disciplines = []discipline{
	{"placeholders, order kept", true, false},
	{"placeholders, shuffled", true, true},
	{"full handles, order kept", false, false},
	{"full handles, shuffled", false, true},
}

// lap is ten checkpoints of a job, or one.
type lap struct {
	took      time.Duration
	discarded int
	bytes     int64
}

func race(ctx context.Context, out io.Writer, handles, laps int, only string) error {
	f, err := startFlink(ctx)
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintf(out, "Flink 2.3.0, warm; cairn with %s on one core\n", runtime.Version())
	fmt.Fprintf(out, "%d checkpoints of %d handles, nine in ten named again; medians of %d laps\n\n", checkpointsPerLap, handles, laps)
	fmt.Fprintf(out, "%-26s  %9s  %9s  %14s  %10s  %10s  %s\n", "", "Flink, ms", "cairn, ms", "cairn is", "Flink, MiB", "cairn, MiB", "of Flink's")
	if _, _, err := disciplines[0].lap(f, handles/2); err != nil { // warms up
		return err
	}
	for _, d := range disciplines {
		if !strings.Contains(d.name, only) {
			continue
		}
		if err := d.run(f, out, handles, laps); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return nil
}

func (d discipline) run(f *flink, out io.Writer, handles, laps int) error {
	var theirs, ours []lap
	for range laps {
		their, our, err := d.lap(f, handles)
		if err != nil {
			return err
		}
		theirs, ours = append(theirs, their), append(ours, our)
	}
	t, o := median(theirs), median(ours)
	_, err := fmt.Fprintf(out, "%-26s  %9.0f  %9.0f  %7.1fx faster  %10.0f  %10.0f  %9.0f%%\n", d.name,
		milliseconds(t.took), milliseconds(o.took), float64(t.took)/float64(o.took),
		mebibytes(t.bytes), mebibytes(o.bytes), 100*float64(o.bytes)/float64(t.bytes))
	return err
}

// lap has both take turns.
func (d discipline) lap(f *flink, handles int) (theirs, our lap, err error) {
	var o ours
	if err := f.start(d, handles); err != nil {
		return theirs, our, err
	}
	if err := o.start(d, handles); err != nil {
		return theirs, our, err
	}
	for range checkpointsPerLap {
		their, err := f.checkpoint()
		if err != nil {
			return theirs, our, err
		}
		mine, err := o.next()
		if err != nil {
			return theirs, our, err
		}
		if their.discarded != mine.discarded {
			return theirs, our, fmt.Errorf("Flink discards %d files, and cairn %d", their.discarded, mine.discarded)
		}
		theirs.took += their.took
		our.took += mine.took
	}
	our.bytes = o.memory()
	theirs.bytes, err = f.memory()
	return theirs, our, err
}

// median takes time and memory each for itself.
func median(laps []lap) lap {
	middle := len(laps) / 2
	took := slices.SortedFunc(slices.Values(laps), func(a, b lap) int { return int(a.took - b.took) })[middle].took
	bytes := slices.SortedFunc(slices.Values(laps), func(a, b lap) int { return int(a.bytes - b.bytes) })[middle].bytes
	return lap{took: took, bytes: bytes}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func mebibytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }
