// Command race has Flink's registry of shared state and cairn's take up the same
// checkpoints of a job, and says how much faster cairn's is, and how much smaller.
//
//	go run ./integration/interop/registry/race
//
// The job has a thousand subtasks with a thousand files each. In every checkpoint a
// tenth of the files is new, and the others, of any age, are named again; one
// checkpoint is retained, so each pushes out the one before. Ten checkpoints are one
// lap. Timed is, for a checkpoint, to register what all subtasks acknowledge
// (OperatorSubtaskState.registerSharedStates, and Registry.RegisterAcknowledged),
// to complete it, and to unregister what is unused, up to the plan of what to delete.
// What is acknowledged is made anew for each checkpoint, and not timed.
//
// They take turns, checkpoint by checkpoint, in one run on one machine, so that
// whatever else the machine does meets both. Flink's JVM is warm; it has all cores for
// its garbage collector and its compiler; cairn has one core for all, and Go's
// collector as it is by default. Memory is what the heap loses when the registry goes,
// after the last checkpoint of a lap, whose states are gone by then.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
)

func main() {
	laps := flag.Int("laps", 5, "how often each of the jobs runs")
	handles := flag.Int("handles", 1_000_000, "files of a checkpoint, a multiple of 1000")
	only := flag.String("only", "", "part of the names of the jobs to run; empty for all")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	if err := race(context.Background(), os.Stdout, *handles, *laps, *only); err != nil {
		fmt.Fprintln(os.Stderr, "race:", err)
		os.Exit(1)
	}
}
