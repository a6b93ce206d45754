package masterhook_test

import (
	"context"
	"fmt"
	"time"

	"github.com/cairnstate/cairn/coordinator/masterhook"
)

// lease is a hook that keeps a position in an external queue.
type lease struct{ position int }

func (*lease) Identifier() string { return "queue-lease" }

func (l *lease) TriggerCheckpoint(context.Context, int64, time.Time) (*masterhook.State, error) {
	return &masterhook.State{Version: 1, Payload: fmt.Appendf(nil, "position %d", l.position)}, nil
}

func (*lease) Decode(_ int32, payload []byte) (any, error) { return string(payload), nil }

func (*lease) RestoreCheckpoint(_ context.Context, checkpointID int64, state any) error {
	fmt.Printf("checkpoint %d: back to %v\n", checkpointID, state)
	return nil
}

func (*lease) Reset(context.Context) error { return nil }
func (*lease) Close() error                { return nil }

func Example() {
	ctx := context.Background()
	var hooks masterhook.Hooks
	_ = hooks.Add(&lease{position: 7})
	saved, _ := hooks.Trigger(ctx, 42, time.Now())
	_, _ = hooks.Restore(ctx, saved, 42, false)
	// Output: checkpoint 42: back to position 7
}
