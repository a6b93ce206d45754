package barrier_test

import (
	"fmt"
	"time"

	"github.com/cairnstate/cairn/task"
	"github.com/cairnstate/cairn/task/barrier"
)

// One of two channels is ahead of the other, and waits for it.
func Example() {
	aligner := barrier.New(2)
	b := task.Barrier{CheckpointID: 7, Options: task.CheckpointOptions{ExactlyOnce: true}}
	decision := aligner.Barrier(0, b, time.Unix(10, 0))
	fmt.Println(len(decision.Snapshots), "blocked:", aligner.Blocked(0), aligner.Blocked(1))
	decision = aligner.Barrier(1, b, time.Unix(13, 0))
	fmt.Println(len(decision.Snapshots), "blocked:", aligner.Blocked(0), aligner.Blocked(1))
	fmt.Println("aligned in", decision.Snapshots[0].Metrics.Alignment)
	// Output:
	// 0 blocked: true false
	// 1 blocked: false false
	// aligned in 3s
}
