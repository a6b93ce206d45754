package scenario

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/storage"
)

// threshold is that of inline state, in bytes.
func (p Place) threshold() int {
	if p.Inline == 0 {
		return 32
	}
	return 128 << 10
}

// piece is a piece of state.
type piece struct {
	size  int
	scope storage.CheckpointedStateScope
}

// pieces are inline, a small file, a shared one, and a large one; or many inline, and a
// shared one.
func (p Place) pieces() []piece {
	if p.Inline == 0 {
		return []piece{{16, storage.ExclusiveState}, {100, storage.ExclusiveState}, {200, storage.SharedState}, {p.Large, storage.ExclusiveState}}
	}
	pieces := []piece{{p.threshold() + 1, storage.SharedState}}
	for left := p.Inline; left > 0; left -= p.threshold() {
		pieces = append(pieces, piece{min(left, p.threshold()), storage.ExclusiveState})
	}
	return pieces
}

// content is what its writer puts into the piece of the number.
func (p piece) content(writer string, number int) []byte {
	text := fmt.Sprintf("%s %d,", writer, number)
	return bytes.Repeat([]byte(text), p.size/len(text)+1)[:p.size]
}

// write writes the piece, in two halves.
func write(ctx context.Context, streams *storage.CheckpointStreamFactory, p piece, content []byte) (handle checkpoint.StreamStateHandle, err error) {
	s := streams.CreateCheckpointStateOutputStream(ctx, p.scope)
	defer func() { err = errors.Join(err, s.Close()) }()
	for _, half := range [][]byte{content[:len(content)/2], content[len(content)/2:]} {
		if _, err := s.Write(half); err != nil {
			return nil, err
		}
	}
	return s.CloseAndGetHandle()
}

// file returns metadata that holds the handles, one in each subtask.
func file(handles []checkpoint.StreamStateHandle) *metadata.File {
	operator := checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID("x"), Parallelism: int32(len(handles)), MaxParallelism: 128}
	for i, handle := range handles {
		state := &checkpoint.OperatorSubtaskState{ManagedOperatorState: &checkpoint.OperatorStreamStateHandle{Delegate: handle}}
		operator.Subtasks = append(operator.Subtasks, checkpoint.SubtaskState{Index: int32(i), State: state})
	}
	return &metadata.File{Version: metadata.CurrentVersion, Metadata: checkpoint.Metadata{
		CheckpointID: number, Operators: []checkpoint.OperatorState{operator}}}
}

// handles returns them.
func handles(file *metadata.File) []checkpoint.StreamStateHandle {
	var all []checkpoint.StreamStateHandle
	for _, operator := range file.Operators {
		for _, subtask := range operator.Subtasks {
			if state, ok := subtask.State.ManagedOperatorState.(*checkpoint.OperatorStreamStateHandle); ok {
				all = append(all, state.Delegate)
			}
		}
	}
	return all
}

var errDamaged = errors.New("the checkpoint is not whole")

// read reads all of a checkpoint. It returns whose it is, and its handles.
func (p Place) read(ctx context.Context, at storage.CompletedCheckpointStorageLocation) (writer string, _ []checkpoint.StreamStateHandle, err error) {
	data, err := at.ReadMetadata(ctx)
	if err != nil {
		return "", nil, err
	}
	file, err := metadata.Decode(data, nil)
	if err != nil {
		return "", nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	all := handles(file)
	if len(all) != len(p.pieces()) {
		return "", nil, fmt.Errorf("%w: it has %d pieces of state", errDamaged, len(all))
	}
	for i, piece := range p.pieces() {
		got, err := readState(ctx, at, all[i])
		if err != nil {
			return "", nil, err
		}
		if i == 0 {
			writer = writerOf(got)
		}
		if !bytes.Equal(got, piece.content(writer, i)) {
			return "", nil, fmt.Errorf("%w: %q wrote other state than what %T leads to", errDamaged, writer, all[i])
		}
	}
	return writer, all, nil
}

func writerOf(content []byte) string {
	name, _, _ := bytes.Cut(content, []byte(" "))
	return string(name)
}

func readState(ctx context.Context, at storage.CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle) ([]byte, error) {
	r, err := at.OpenState(ctx, handle)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	return data, errors.Join(err, r.Close())
}
