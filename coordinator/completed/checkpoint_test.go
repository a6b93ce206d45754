package completed_test

import (
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

func TestStateSize(t *testing.T) {
	bytes := func(n int) *checkpoint.ByteStreamStateHandle {
		return &checkpoint.ByteStreamStateHandle{Data: make([]byte, n)}
	}
	channel := func(n int64) []checkpoint.ChannelStateHandle {
		return []checkpoint.ChannelStateHandle{&checkpoint.SingleChannelStateHandle{Size: n}}
	}
	c := completed.Checkpoint{Operators: []checkpoint.OperatorState{{Coordinator: bytes(1), Subtasks: []checkpoint.SubtaskState{
		{State: &checkpoint.OperatorSubtaskState{
			ManagedOperatorState: &checkpoint.OperatorStreamStateHandle{Delegate: bytes(10)},
			RawOperatorState:     &checkpoint.OperatorStreamStateHandle{Delegate: bytes(100)},
			ManagedKeyedState:    &checkpoint.KeyGroupsStateHandle{Delegate: bytes(1_000)},
			RawKeyedState:        &checkpoint.KeyGroupsStateHandle{Delegate: bytes(10_000)},
			Channels:             &checkpoint.ChannelState{Input: channel(100_000), ResultSubpartition: channel(1_000_000)},
		}},
		{Finished: true},
		{State: &checkpoint.OperatorSubtaskState{}},
	}}}}
	if got := c.StateSize(); got != 1_111_111 {
		t.Errorf("StateSize() = %d, want 1111111", got)
	}
}

func TestSharing(t *testing.T) {
	native := checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionNone, false)
	if got := (&completed.Checkpoint{CreatedAs: &native}).Sharing(); got != checkpoint.NoSharing {
		t.Errorf("Sharing() = %q", got)
	}
	if got := (&completed.Checkpoint{}).Sharing(); got != "" {
		t.Errorf("Sharing() of an unknown = %q", got)
	}
}
