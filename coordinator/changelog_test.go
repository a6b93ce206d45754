package coordinator_test

import (
	"context"
	"io"
	"testing"
	"testing/synctest"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/task"
)

// A task materializes its changelog once, into a file of its own, and each checkpoint
// names that. The end of one checkpoint is not the end of the file.
func TestMaterializedChangelogIsTheTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, checkpointing.Default(), coordinator.Options{})
		own := c.taskOwned()
		c.write = func(ct *clusterTask, b task.Barrier) *task.Snapshot {
			s := ct.writeState(b)
			state := s.Operators[ct.vertex.Operators[0].ID]
			materialized := *state.ManagedKeyedState.(*checkpoint.IncrementalRemoteKeyedStateHandle)
			materialized.MetaState = own
			state.ManagedKeyedState = &checkpoint.ChangelogStateBackendHandle{
				Materialized: []checkpoint.KeyedStateHandle{&materialized}, Range: materialized.Range, CheckpointID: b.CheckpointID,
			}
			return s
		}
		for range 3 {
			if _, err := c.TriggerCheckpoint(coordinator.Configured).Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		c.checkRetained()
	})
}

// taskOwned is a file that a task will delete itself.
func (c *cluster) taskOwned() checkpoint.StreamStateHandle {
	c.t.Helper()
	stream := c.access.CreateTaskOwnedStateStream(context.Background())
	defer stream.Close()
	if _, err := io.WriteString(stream, "materialized"); err != nil {
		c.t.Fatal(err)
	}
	handle, err := stream.CloseAndGetHandle()
	if err != nil {
		c.t.Fatal(err)
	}
	return handle
}
