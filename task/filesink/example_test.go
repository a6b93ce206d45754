package filesink_test

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/filesink"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

func Example() {
	ctx := context.Background()
	var store mem.Backend
	sink := filesink.New(&store, "out", func(to []byte, record string) ([]byte, error) {
		return fmt.Appendln(to, record), nil
	})
	sub := &program.Subtask{Parallelism: 1, State: state.New(128, checkpoint.KeyGroups(0, 127))}
	if err := sink.Open(ctx, sub); err != nil {
		fmt.Println(err)
		return
	}
	_ = sink.Write(ctx, "stone 1")
	_ = sink.Snapshot(ctx, 7)
	_ = sink.CheckpointComplete(ctx, 7)
	for info := range store.List(ctx, "out") {
		fmt.Println(info.Key[:len("out/part-0-0-0-")], info.Size, "bytes")
	}
	// Output: out/part-0-0-0- 8 bytes
}
