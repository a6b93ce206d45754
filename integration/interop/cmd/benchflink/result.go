package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

type result struct {
	flink, cairn []time.Duration
}

func (r result) print(out io.Writer, handles int, what string) {
	flink, cairn := median(r.flink), median(r.cairn)
	fmt.Fprintf(out, "%d\t%s\t%.1f\t%.2f\t%.1f\t%.2f\t%.1fx\t\n", handles, what,
		milliseconds(flink), rate(handles, flink), milliseconds(cairn), rate(handles, cairn),
		float64(flink)/float64(cairn))
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// rate is in millions per second.
func rate(handles int, d time.Duration) float64 { return float64(handles) / d.Seconds() / 1e6 }
