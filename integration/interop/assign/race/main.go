// Command race has Flink and cairn assign the same states of large jobs, and says how much
// faster cairn is and how its time grows.
//
//	go run ./integration/interop/assign/race
//
// They take turns, round by round, in one run on one machine, so that whatever
// else the machine does meets both. Flink's JVM is warm; it has all cores for its
// garbage collector and its compiler; cairn has one core for all, and Go's collector
// as it is by default. Timed is what each needs from decoded states to a task restore
// for every subtask: StateAssignmentOperation.assignStates, and restore.Assign with
// all Subtasks.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
)

func main() {
	rounds := flag.Int("rounds", 5, "how often each takes its turn")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	if err := race(context.Background(), os.Stdout, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "race:", err)
		os.Exit(1)
	}
}
