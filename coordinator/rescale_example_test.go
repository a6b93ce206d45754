package coordinator_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
)

// A checkpoint of two subtasks is restored into three. Each reads the key groups that
// it owns and no others, although both files are read by two of them.
func ExampleRestored_Location() {
	ctx := context.Background()
	checkpoints, access := inMemory(ctx)
	defer checkpoints.Close()
	pointer, err := checkpointOfTwo(ctx, access)
	if err != nil {
		log.Fatal(err)
	}
	j, err := job.New(job.Vertex{Name: "counter", Parallelism: 3, Operators: []job.Operator{{UID: "counter"}}})
	if err != nil {
		log.Fatal(err)
	}
	c, err := coordinator.New(j, checkpoints, nil)
	if err != nil {
		log.Fatal(err)
	}
	restored, err := c.RestoreSavepoint(ctx, coordinator.SavepointRestoreSettings{Path: pointer})
	if err != nil {
		log.Fatal(err)
	}
	for subtask := range restored.Assignment.Vertices[0].Subtasks() {
		groups, err := readKeyGroups(ctx, restored.Location(), subtask.Operators[0].ManagedKeyedState)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("subtask %d owns %s and gets %v\n", subtask.Subtask, subtask.KeyGroups, groups)
	}
	if err := c.Shutdown(ctx, completed.Suspended); err != nil {
		log.Fatal(err)
	}
	// Output:
	// subtask 0 owns [0, 1] and gets map[1:counts of 1]
	// subtask 1 owns [2, 3] and gets map[2:counts of 2 3:counts of 3]
	// subtask 2 owns [4, 5] and gets map[4:counts of 4]
}

// readKeyGroups returns what was written for the key groups that the handles are for.
func readKeyGroups(ctx context.Context, at storage.CompletedCheckpointStorageLocation, handles []checkpoint.KeyedStateHandle) (map[int32]string, error) {
	groups := make(map[int32]string)
	for _, handle := range handles {
		full, ok := handle.(*checkpoint.KeyGroupsStateHandle)
		if !ok {
			return nil, fmt.Errorf("%T is none of our handles", handle)
		}
		ranges, err := storage.KeyGroupRanges(full)
		if err != nil {
			return nil, err
		}
		for part, err := range storage.ReadStateRanges(ctx, at, full.Delegate, ranges, nil) {
			if err != nil {
				return nil, err
			}
			if part.Len() == 0 {
				continue // nothing was written for it
			}
			// The last part may go on with key groups of others: the length says where ours ends.
			length, err := binary.ReadUvarint(part)
			if err != nil {
				return nil, err
			}
			group, err := io.ReadAll(io.LimitReader(part, int64(length)))
			if err != nil {
				return nil, err
			}
			groups[full.Range.Start+int32(part.Index)] = string(group)
		}
	}
	return groups, nil
}

// writeKeyGroups writes the key groups of one subtask into one stream. There is nothing
// to be remembered of those that can be divided by five; if it were of all, there would
// be no handle.
func writeKeyGroups(stream *storage.CheckpointStateOutputStream, groups checkpoint.KeyGroupRange) (checkpoint.KeyedStateHandle, error) {
	defer stream.Close()
	var offsets []int64
	for group := groups.Start; group <= groups.Last(); group++ {
		if group%5 == 0 {
			offsets = append(offsets, -1)
			continue
		}
		offsets = append(offsets, stream.Pos())
		counts := fmt.Sprintf("counts of %d", group)
		if _, err := stream.Write(append(binary.AppendUvarint(nil, uint64(len(counts))), counts...)); err != nil {
			return nil, err
		}
	}
	written, err := stream.CloseAndGetHandle()
	if err != nil || written == nil {
		return nil, err
	}
	return &checkpoint.KeyGroupsStateHandle{Range: groups, Offsets: offsets, Delegate: written}, nil
}

// checkpointOfTwo is a checkpoint of two subtasks that share six key groups.
func checkpointOfTwo(ctx context.Context, access *storage.CheckpointStorageAccess) (pointer string, err error) {
	location, err := access.InitializeLocationForCheckpoint(1)
	if err != nil {
		return "", err
	}
	counter := checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID("counter"), UID: "counter", Parallelism: 2, MaxParallelism: 6}
	for i := range int32(2) {
		stream := location.CreateCheckpointStateOutputStream(ctx, storage.ExclusiveState)
		handle, err := writeKeyGroups(stream, checkpoint.KeyGroupRangeForSubtask(i, 6, 2))
		if err != nil {
			return "", err
		}
		counter.Subtasks = append(counter.Subtasks, checkpoint.SubtaskState{
			Index: i, State: &checkpoint.OperatorSubtaskState{ManagedKeyedState: handle},
		})
	}
	stream, err := location.CreateMetadataOutputStream(ctx)
	if err != nil {
		return "", err
	}
	defer stream.Close()
	file := &metadata.File{Version: metadata.CurrentVersion, Metadata: checkpoint.Metadata{
		CheckpointID: 1, Operators: []checkpoint.OperatorState{counter}}}
	if err := metadata.Write(stream, file, nil); err != nil {
		return "", err
	}
	at, err := stream.CloseAndFinalizeCheckpoint()
	if err != nil {
		return "", err
	}
	return at.ExternalPointer(), at.Close()
}
