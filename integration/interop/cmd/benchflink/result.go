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

func heading(out io.Writer) {
	fmt.Fprintf(out, "%-22s  %-23s  %-23s  %s\n", "", "Flink, ms", "cairn, ms", "cairn is faster by")
	fmt.Fprintf(out, "%9s  %-11s  %7s  %7s  %7s  %7s  %7s  %7s  %7s  %7s\n",
		"handles", "what", "median", "best", "M/s", "median", "best", "M/s", "median", "best")
}

// print shows milliseconds, and millions of handles per second at best. On a
// machine that does other things besides, the best is what the program takes, and
// the rest is what the others took from it.
func (r result) print(out io.Writer, handles int, what string) {
	flink, cairn := summarize(r.flink), summarize(r.cairn)
	fmt.Fprintf(out, "%9d  %-11s  %7.1f  %7.1f  %7.2f  %7.1f  %7.1f  %7.2f  %6.1fx  %6.1fx\n", handles, what,
		milliseconds(flink.median), milliseconds(flink.best), rate(handles, flink.best),
		milliseconds(cairn.median), milliseconds(cairn.best), rate(handles, cairn.best),
		float64(flink.median)/float64(cairn.median), float64(flink.best)/float64(cairn.best))
}

type summary struct{ best, median time.Duration }

func summarize(times []time.Duration) summary {
	sorted := slices.Sorted(slices.Values(times))
	return summary{best: sorted[0], median: sorted[len(sorted)/2]}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// rate is in millions per second.
func rate(handles int, d time.Duration) float64 { return float64(handles) / d.Seconds() / 1e6 }
