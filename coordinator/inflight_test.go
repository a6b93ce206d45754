package coordinator_test

import (
	"testing"
	"testing/synctest"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/task"
)

// Only the checkpoint that the user named loses what was in flight.
func TestIgnoreInFlight(t *testing.T) {
	for _, c := range []struct {
		ignored int64
		want    bool
	}{{-1, true}, {1, false}, {2, true}} {
		synctest.Test(t, func(t *testing.T) {
			config := checkpointing.Default()
			config.IgnoreInFlightOf = c.ignored
			cl := newCluster(t, config, coordinator.Options{})
			cl.write = func(ct *clusterTask, b task.Barrier) *task.Snapshot {
				s := ct.writeState(b)
				s.Operators[ct.vertex.Operators[0].ID].Channels = inFlight(ct)
				return s
			}
			if _, err := cl.TriggerCheckpoint(coordinator.Configured).Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			restored, err := cl.RestoreLatestToAll(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			channels := restored.Assignment.Vertices[1].Operators[0].State.Subtasks[0].State.Channels
			if (channels != nil) != c.want {
				t.Errorf("ignored %d: channels %+v", c.ignored, channels)
			}
			if kept := cl.Completed()[0].Operators[1].Subtasks[0].State.Channels; kept == nil {
				t.Error("the completed checkpoint was changed")
			}
		})
	}
}

// inFlight is one record in the input of the counters.
func inFlight(ct *clusterTask) *checkpoint.ChannelState {
	if ct.vertex.Name != "count" {
		return nil
	}
	return &checkpoint.ChannelState{Input: []checkpoint.ChannelStateHandle{&checkpoint.SingleChannelStateHandle{
		SubtaskIndex: ct.attempt.Subtask, Offsets: []int64{0}, Size: 1,
		Delegate: &checkpoint.ByteStreamStateHandle{HandleName: "record", Data: []byte{1}},
	}}}
}
