package main

import (
	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
)

// checkOffsets looks whether key groups and partitions begin within the state that
// subtasks get. Metadata has no checksum, and to read files from end to end tells
// nothing about it.
func checkOffsets(a *restore.Assignment) error {
	c := offsetChecker{seen: make(map[checkpoint.OperatorStateHandle]bool)}
	for i := range a.Vertices {
		vertex := &a.Vertices[i]
		for task := range vertex.Subtasks() {
			for k := range task.Operators {
				if err := c.operator(&task.Operators[k]); err != nil {
					return &unreadableState{wantedState{vertex: vertexLabel(vertex.Vertex), subtask: task.Subtask}, err}
				}
			}
		}
	}
	return nil
}

type offsetChecker struct {
	seen map[checkpoint.OperatorStateHandle]bool // union state is the same for all
}

func (c *offsetChecker) operator(o *restore.OperatorRestore) error {
	for _, handles := range [][]checkpoint.KeyedStateHandle{o.ManagedKeyedState, o.RawKeyedState} {
		if err := c.keyed(handles); err != nil {
			return err
		}
	}
	for _, handles := range []restore.OperatorStateHandles{o.ManagedOperatorState, o.RawOperatorState} {
		for h := range handles.All() {
			if c.seen[h] || h.StateSize() < 0 {
				continue
			}
			c.seen[h] = true
			if _, err := storage.PartitionRanges(h); err != nil {
				return err
			}
		}
	}
	return nil
}

// keyed looks at full snapshots. The offsets in changelogs count bytes before they
// were compressed, and are compared with nothing; increments have none.
func (c *offsetChecker) keyed(handles []checkpoint.KeyedStateHandle) error {
	for _, h := range handles {
		switch h := h.(type) {
		case *checkpoint.ChangelogStateBackendHandle:
			if err := c.keyed(h.Materialized); err != nil {
				return err
			}
		case *checkpoint.KeyGroupsStateHandle:
			if h.StateSize() < 0 { // Flink could not find it out
				continue
			}
			if _, err := storage.KeyGroupRanges(h); err != nil {
				return err
			}
		}
	}
	return nil
}
