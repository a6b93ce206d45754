package masterhook_test

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/masterhook"
)

// lease is a hook that keeps a position in an external queue.
type lease struct{}

func (lease) Identifier() string { return "queue-lease" }

func (lease) Decode(_ int32, payload []byte) (any, error) { return string(payload), nil }

func (lease) RestoreCheckpoint(_ context.Context, checkpointID int64, state any) error {
	fmt.Printf("checkpoint %d: back to %v\n", checkpointID, state)
	return nil
}

func (lease) Reset(context.Context) error { return nil }
func (lease) Close() error                { return nil }

func Example() {
	var hooks masterhook.Hooks
	_ = hooks.Add(lease{})
	saved := []checkpoint.MasterState{{Name: "queue-lease", Version: 1, Payload: []byte("position 7")}}
	_, _ = hooks.Restore(context.Background(), saved, 42, false)
	// Output: checkpoint 42: back to position 7
}
