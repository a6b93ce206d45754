package metadata_test

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// A checkpoint is written, and read again.
func Example() {
	properties := checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, true)
	savepoint := &metadata.File{Version: metadata.CurrentVersion}
	savepoint.CheckpointID = 42
	savepoint.Properties = &properties
	savepoint.Operators = []checkpoint.OperatorState{{
		ID: checkpoint.OperatorIDFromUID("counts"), Name: "count words", UID: "counts",
		Parallelism: 1, MaxParallelism: 128,
		Subtasks: []checkpoint.SubtaskState{{State: &checkpoint.OperatorSubtaskState{
			ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
				Encoding: checkpoint.KeyGroupsSavepoint,
				Range:    checkpoint.KeyGroups(0, 1),
				Offsets:  []int64{0, 512},
				Delegate: &checkpoint.RelativeFileStateHandle{RelativePath: "6d0c1b", Size: 1024},
			},
		}}},
	}}
	data, err := metadata.Encode(savepoint, nil)
	if err != nil {
		fmt.Println(err)
		return
	}

	f, err := metadata.Decode(data, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s %d of version %d, %d bytes of state\n", f.Properties.Type.Name, f.CheckpointID, f.Version, f.StateSize())
	for _, file := range f.Files() {
		fmt.Println(file.Kind, file.Path, file.Bytes)
	}
	// Output:
	// Savepoint 42 of version 6, 1024 bytes of state
	// exclusive 6d0c1b 1024
}

// An error tells where in the file it is, and what to do.
func ExampleDecode_error() {
	_, err := metadata.Decode([]byte{0x49, 0x60, 0x67, 0x2d, 0, 0, 0, 1}, nil)
	fmt.Println(err)
	// Output:
	// metadata: unsupported metadata version 1: written by Flink 1.2, read by Flink 1.3 to 1.10 only; restore it with one of those and take a new savepoint, which can be read here (at byte 4)
}
