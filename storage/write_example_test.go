package storage_test

import (
	"context"
	"fmt"
	"io"
	"log"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// A worker writes state where the coordinator's reference leads it, and reports the
// handle; the coordinator publishes metadata that holds it. From then on it is a
// checkpoint, which anyone can read, and which goes as a whole.
func ExampleBackendStorage_CreateCheckpointStorage() {
	ctx := context.Background()
	var host mem.Host
	var registry backend.Registry
	registry.Register(host.Open, "mem")
	checkpoints, err := storage.New(&registry, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer checkpoints.Close()

	job, _ := checkpoint.ParseJobID("3c7c0a4b5d6e7f8091a2b3c4d5e6f708")
	access, err := checkpoints.CreateCheckpointStorage(ctx, job, "mem://demo/checkpoints",
		&storage.AccessOptions{InlineThreshold: 8, AllowVolatile: true}) // memory forgets, which is fine here
	if err != nil {
		log.Fatal(err)
	}
	location, err := access.InitializeLocationForCheckpoint(42)
	if err != nil {
		log.Fatal(err)
	}
	handle, err := snapshot42(ctx, access, location.LocationReference().Bytes())
	if err != nil {
		log.Fatal(err)
	}
	completed, err := complete42(ctx, location, handle)
	if err != nil {
		log.Fatal(err)
	}
	defer completed.Close()
	fmt.Println(completed.ExternalPointer())

	state, err := completed.OpenState(ctx, handle)
	if err != nil {
		log.Fatal(err)
	}
	defer state.Close()
	text, err := io.ReadAll(state)
	fmt.Printf("%T: %s %v\n", handle, text, err)

	fmt.Println(storage.DisposeStorageLocation(ctx, completed, nil))
	// Output:
	// mem://demo/checkpoints/3c7c0a4b5d6e7f8091a2b3c4d5e6f708/chk-42
	// *checkpoint.RelativeFileStateHandle: all that was counted <nil>
	// <nil>
}

// snapshot42 is what a worker does.
func snapshot42(ctx context.Context, access *storage.CheckpointStorageAccess, reference []byte) (checkpoint.StreamStateHandle, error) {
	streams, err := access.ResolveCheckpointStorageLocation(ctx, 42, storage.LocationReference(reference))
	if err != nil {
		return nil, err
	}
	stream := streams.CreateCheckpointStateOutputStream(ctx, storage.ExclusiveState)
	defer stream.Close()
	if _, err := io.WriteString(stream, "all that was counted"); err != nil {
		return nil, err
	}
	return stream.CloseAndGetHandle()
}

// complete42 is what a coordinator does once all workers have reported.
func complete42(ctx context.Context, location *storage.CheckpointStorageLocation, handle checkpoint.StreamStateHandle) (storage.CompletedCheckpointStorageLocation, error) {
	subtask := &checkpoint.OperatorSubtaskState{RawKeyedState: &checkpoint.KeyGroupsStateHandle{
		Range: checkpoint.KeyGroups(0, 0), Offsets: []int64{0}, Delegate: handle}}
	file := &metadata.File{Version: metadata.CurrentVersion, Metadata: checkpoint.Metadata{CheckpointID: 42,
		Operators: []checkpoint.OperatorState{{ID: checkpoint.OperatorIDFromUID("counter"), Parallelism: 1, MaxParallelism: 1,
			Subtasks: []checkpoint.SubtaskState{{State: subtask}}}}}}
	stream, err := location.CreateMetadataOutputStream(ctx)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	if err := metadata.Write(stream, file, nil); err != nil {
		return nil, err
	}
	return stream.CloseAndFinalizeCheckpoint()
}
