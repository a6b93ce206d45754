package flink

import (
	"encoding/binary"
	"encoding/hex"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/task"
)

// snapshot reads what Flink's serializer wrote of the state of one subtask.
func (e *event) snapshot() (*task.Snapshot, error) {
	if e.Snapshot == nil {
		return nil, nil
	}
	text, err := hex.DecodeString(*e.Snapshot)
	if err != nil {
		return nil, err
	}
	file, err := metadata.Decode(text, nil)
	if err != nil {
		return nil, err
	}
	s := &task.Snapshot{
		Operators:              map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{},
		TaskDeployedAsFinished: e.DeployedAsFinished,
		TaskFinished:           e.Finished,
	}
	for _, operator := range file.Operators {
		for _, subtask := range operator.Subtasks {
			if subtask.State != nil {
				e.restorePlaceholders(subtask.State.ManagedKeyedState)
				s.Operators[operator.ID] = subtask.State
			}
		}
	}
	return s, nil
}

// restorePlaceholders puts placeholders back, which the serializer cannot write.
func (e *event) restorePlaceholders(state checkpoint.KeyedStateHandle) {
	switch h := state.(type) {
	case *checkpoint.IncrementalRemoteKeyedStateHandle:
		e.restoreIn(h.SharedState)
		e.restoreIn(h.PrivateState)
	case *checkpoint.ChangelogStateBackendHandle:
		for _, part := range h.Materialized {
			e.restorePlaceholders(part)
		}
	}
}

func (e *event) restoreIn(files []checkpoint.HandleAndLocalPath) {
	for i := range files {
		inline, ok := files[i].Handle.(*checkpoint.ByteStreamStateHandle)
		if ok && slices.Contains(e.Placeholders, inline.HandleName) {
			files[i].Handle = &checkpoint.PlaceholderStreamStateHandle{
				PhysicalID: inline.HandleName,
				Size:       int64(binary.BigEndian.Uint64(inline.Data)),
			}
		}
	}
}
