// Command benchflink races Flink and cairn over the same metadata files, which Flink
// wrote: large incremental checkpoints of 100,000 and 1,000,000 files.
//
//	go run ./integration/interop/cmd/benchflink
//
// They take turns, round by round, in one run on one machine, so that whatever
// else the machine does meets both. Flink's JVM is warm and stays warm; it has
// all cores for its garbage collector and its compiler. Cairn has one core
// (-procs), and a garbage collector too. Both start each iteration with a
// collected heap.
//
// What is timed is what each does for one of these:
//
//	decode  bytes in memory to objects    Flink: Checkpoints.loadCheckpointMetadata
//	write   objects to a stream that forgets them
//	                                      Flink: Checkpoints.storeCheckpointMetadata
//	append  objects to bytes in memory that is there, the same each time
//	encode  objects to new bytes
//	store   objects to a local file       Flink: the same store to the stream that its file system makes
//	file    a local file to objects       Flink: the same load from the stream that its coordinator opens
//
// Encoding is raced twice: with metadata that was decoded and not changed, and,
// called made, with metadata that has each string in memory of its own. Flink's
// objects are the same for both, as it gains nothing from where they come from.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
)

func main() {
	rounds := flag.Int("rounds", 7, "how often each takes its turn")
	procs := flag.Int("procs", 1, "cores for cairn")
	release := flag.String("flink", "", "release of Flink; empty for the newest")
	flag.Parse()
	runtime.GOMAXPROCS(*procs)
	if err := race(context.Background(), os.Stdout, *release, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "benchflink:", err)
		os.Exit(1)
	}
}
