package checkpoint_test

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// Where the state of a key is: in the key group of its hash code, which one
// subtask owns.
func ExampleAssignToKeyGroup() {
	const maxParallelism, parallelism = 128, 4
	keyGroup := checkpoint.AssignToKeyGroup(checkpoint.StringHashCode("user-1"), maxParallelism)
	subtask := checkpoint.SubtaskForKeyGroup(keyGroup, maxParallelism, parallelism)
	fmt.Println(keyGroup, subtask, checkpoint.KeyGroupRangeForSubtask(subtask, maxParallelism, parallelism))
	// Output:
	// 121 3 [96, 127]
}

// The id that Flink's web UI shows for an operator with a uid.
func ExampleOperatorIDFromUID() {
	fmt.Println(checkpoint.OperatorIDFromUID("my-uid"))
	// Output:
	// 8409efe6adc6d20787611f16017c808f
}

// Each file that a checkpoint needs, once.
func ExampleMetadata_Files() {
	sst := &checkpoint.FileStateHandle{Path: "s3://bucket/job/shared/2f0f5e", Size: 4096}
	m := checkpoint.Metadata{Operators: []checkpoint.OperatorState{{
		Subtasks: []checkpoint.SubtaskState{{State: &checkpoint.OperatorSubtaskState{
			ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
				MetaState:   &checkpoint.RelativeFileStateHandle{RelativePath: "8d934d", Size: 100},
				SharedState: []checkpoint.HandleAndLocalPath{{LocalPath: "000012.sst", Handle: sst}},
			},
		}}},
	}}}
	for _, f := range m.Files() {
		fmt.Println(f.Kind, f.Path, f.Bytes)
	}
	// Output:
	// exclusive 8d934d 100
	// shared s3://bucket/job/shared/2f0f5e 4096
}
