package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/storage"
)

// readers is how many state handles are read at a time.
const readers = 16

// unreadableState says that a restored job could not read its state.
type unreadableState struct {
	vertex  string
	subtask int32
	err     error
}

func (e *unreadableState) Error() string {
	return fmt.Sprintf("subtask %d of %s cannot read its state: %v", e.subtask, e.vertex, e.err)
}

func (e *unreadableState) Unwrap() error { return e.err }

// readState reads all state that some subtask gets, as the subtask would, but
// what several of them get once.
func readState(ctx context.Context, restored *coordinator.Restored) (*readReport, error) {
	var handles, total atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	seen := make(map[any]bool)
	for i := range restored.Assignment.Vertices {
		vertex := &restored.Assignment.Vertices[i]
		for task := range vertex.Subtasks() {
			for k := range task.Operators {
				for handle := range task.Operators[k].Streams() {
					if place := placeOf(handle); seen[place] || ctx.Err() != nil {
						continue
					} else {
						seen[place] = true
					}
					group.Go(func() error {
						n, err := storage.DownloadState(ctx, restored.Location(), handle, nowhere{})
						if err != nil {
							return &unreadableState{vertex: vertexLabel(vertex.Vertex), subtask: task.Subtask, err: err}
						}
						handles.Add(1)
						total.Add(n)
						return nil
					})
				}
			}
		}
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return &readReport{Handles: handles.Load(), Bytes: total.Load()}, nil
}

// placeOf returns a key that handles on the same bytes share.
func placeOf(handle checkpoint.StreamStateHandle) any {
	switch h := handle.(type) {
	case *checkpoint.FileStateHandle:
		return *h
	case *checkpoint.RelativeFileStateHandle:
		return *h
	case *checkpoint.SegmentFileStateHandle:
		return *h
	}
	return handle
}
