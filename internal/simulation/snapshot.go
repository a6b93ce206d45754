package simulation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task"
)

// part is a subtask's part of a checkpoint: what its state was when the barriers were
// there, and what has been written of it.
type part struct {
	*subtask
	id      int64
	barrier task.Barrier
	files   []string
	reuse   []checkpoint.HandleAndLocalPath // of the confirmed checkpoint
	written []*storage.CheckpointStateOutputStream
	claimed *checkpoint.OperatorSubtaskState // as the metadata must have it
}

// takeSnapshot moves the state on, and keeps what it is now.
func (s *subtask) takeSnapshot(barrier task.Barrier) *part {
	s.made++
	s.files = append(s.files, fmt.Sprintf("%06d.sst", s.made))
	if len(s.files) > 2 && s.world.chance(0.5) { // a compaction
		s.made++
		s.files = append(slices.Clone(s.files[2:]), fmt.Sprintf("%06d.sst", s.made))
	}
	p := &part{subtask: s, id: barrier.CheckpointID, barrier: barrier, files: slices.Clone(s.files)}
	if barrier.Options.Type.Sharing == checkpoint.ForwardBackward {
		p.reuse = s.uploaded[s.confirmed]
	}
	return p
}

// write writes the part and acknowledges it; or else throws away what was written.
func (p *part) write() {
	ctx := context.Background()
	state, err := p.upload(ctx)
	if err == nil && p.world.chance(p.world.weather.taskFails) {
		err = errors.New("the disk of the task is full")
	}
	if err == nil {
		p.acknowledge(p.id, state, p.claimed)
		return
	}
	p.decline(p.barrier, checkpoint.CheckpointAsyncException)
	for _, stream := range p.written {
		_ = stream.Discard(ctx) // what is left is for the next coordinator
	}
}

func (p *part) upload(ctx context.Context) (*task.Snapshot, error) {
	streams, err := p.access.ResolveCheckpointStorageLocation(ctx, p.id, p.barrier.Options.Location)
	if err != nil {
		return nil, err
	}
	list, err := p.piece(ctx, streams, storage.ExclusiveState, "list")
	if err != nil {
		return nil, err
	}
	keyed, err := p.keyed(ctx, streams)
	if err != nil {
		return nil, err
	}
	state := &checkpoint.OperatorSubtaskState{
		ManagedOperatorState: &checkpoint.OperatorStreamStateHandle{
			States:   []checkpoint.OperatorStatePartitions{{Name: "list", Mode: checkpoint.SplitDistribute, Offsets: []int64{0}}},
			Delegate: list,
		},
		ManagedKeyedState: keyed,
	}
	p.claimed = &checkpoint.OperatorSubtaskState{ManagedOperatorState: state.ManagedOperatorState, ManagedKeyedState: p.withoutPlaceholders(keyed)}
	return &task.Snapshot{Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{checkpoint.OperatorID(p.attempt.Vertex): state}}, nil
}

func (p *part) keyed(ctx context.Context, streams *storage.CheckpointStreamFactory) (checkpoint.KeyedStateHandle, error) {
	meta, err := p.piece(ctx, streams, storage.ExclusiveState, "meta")
	if err != nil {
		return nil, err
	}
	if p.barrier.Options.Type.Format == checkpoint.Canonical {
		return &checkpoint.KeyGroupsStateHandle{Encoding: checkpoint.KeyGroupsSavepoint, Range: p.keyGroups(),
			Offsets: make([]int64, p.keyGroups().Count), Delegate: meta}, nil
	}
	scope := storage.SharedState
	if p.barrier.Options.Type.Savepoint {
		scope = storage.ExclusiveState
	}
	shared, err := p.shared(ctx, streams, scope)
	if err != nil {
		return nil, err
	}
	return &checkpoint.IncrementalRemoteKeyedStateHandle{CheckpointID: p.id, BackendID: p.name, Range: p.keyGroups(),
		MetaState: meta, SharedState: shared, HandleID: fmt.Sprintf("%s-%d", p.name, p.id)}, nil
}

// shared uploads the files of the state that no confirmed checkpoint has, and names
// the others.
func (p *part) shared(ctx context.Context, streams *storage.CheckpointStreamFactory, scope storage.CheckpointedStateScope) ([]checkpoint.HandleAndLocalPath, error) {
	var sent, have []checkpoint.HandleAndLocalPath
	for _, name := range p.files {
		at := slices.IndexFunc(p.reuse, func(h checkpoint.HandleAndLocalPath) bool { return h.LocalPath == name })
		if at >= 0 {
			have = append(have, p.reuse[at])
			sent = append(sent, checkpoint.HandleAndLocalPath{LocalPath: name, Handle: placeholder(p.reuse[at].Handle)})
			continue
		}
		handle, err := p.piece(ctx, streams, scope, name)
		if err != nil {
			return nil, err
		}
		have = append(have, checkpoint.HandleAndLocalPath{LocalPath: name, Handle: handle})
		sent = append(sent, have[len(have)-1])
	}
	if scope == storage.SharedState {
		p.uploaded[p.id] = have
	}
	return sent, nil
}

// placeholder stands for what a confirmed checkpoint has.
func placeholder(h checkpoint.StreamStateHandle) checkpoint.StreamStateHandle {
	switch h := h.(type) {
	case *checkpoint.FileStateHandle:
		return &checkpoint.PlaceholderStreamStateHandle{PhysicalID: h.Path, Size: h.Size}
	case *checkpoint.ByteStreamStateHandle:
		return &checkpoint.PlaceholderStreamStateHandle{PhysicalID: h.HandleName, Size: h.StateSize()}
	}
	return h
}

// piece writes a piece of state that tells whose it is.
func (p *part) piece(ctx context.Context, streams *storage.CheckpointStreamFactory, scope storage.CheckpointedStateScope, name string) (checkpoint.StreamStateHandle, error) {
	if p.aborted[p.id] {
		return nil, errors.New("the checkpoint was aborted")
	}
	stream := streams.CreateCheckpointStateOutputStream(ctx, scope)
	defer stream.Close()
	text := fmt.Sprintf("%s of %s in checkpoint %d", name, p.name, p.id)
	if p.world.chance(0.15) {
		text = text[:min(len(text), inlined)]
	}
	if _, err := io.WriteString(stream, text); err != nil {
		return nil, err
	}
	handle, err := stream.CloseAndGetHandle()
	if err == nil {
		p.written = append(p.written, stream)
	}
	return handle, err
}

// withoutPlaceholders is the state as the coordinator must understand it.
func (p *part) withoutPlaceholders(h checkpoint.KeyedStateHandle) checkpoint.KeyedStateHandle {
	incremental, ok := h.(*checkpoint.IncrementalRemoteKeyedStateHandle)
	if !ok || p.barrier.Options.Type.Savepoint {
		return h
	}
	whole := *incremental
	whole.SharedState = p.uploaded[p.id]
	return &whole
}
