package twophase_test

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
	"github.com/cairnstate/cairn/task/twophase"
)

// What is written becomes visible with the checkpoint that it belongs to.
func Example() {
	ctx := context.Background()
	outside := newWorld() // is twophase.Transactions[int, string]
	sink := twophase.New(outside)
	sub := &program.Subtask{Parallelism: 1, State: state.New(128, checkpoint.KeyGroups(0, 127))}
	if err := sink.Open(ctx, sub); err != nil {
		fmt.Println(err)
		return
	}
	_ = sink.Write(ctx, 42)
	_ = sink.Snapshot(ctx, 7)
	_ = sink.Write(ctx, 43)
	fmt.Println("visible:", outside.visible)
	_ = sink.CheckpointComplete(ctx, 7)
	fmt.Println("visible:", outside.visible)
	// Output:
	// visible: map[]
	// visible: map[42:1]
}
