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

// wantedState is state that some subtask gets.
type wantedState struct {
	vertex  string
	subtask int32
	handle  checkpoint.StreamStateHandle
}

// unreadableState says that a restored job could not read its state.
type unreadableState struct {
	wantedState
	err error
}

func (e *unreadableState) Error() string {
	return fmt.Sprintf("subtask %d of %s cannot read its state: %v", e.subtask, e.vertex, e.err)
}

func (e *unreadableState) Unwrap() error { return e.err }

// wantedOf returns all state that some subtask gets, and what several of them get
// once, for the first of them.
func wantedOf(restored *coordinator.Restored) []wantedState {
	var wanted []wantedState
	seen := make(map[any]bool)
	for i := range restored.Assignment.Vertices {
		vertex := &restored.Assignment.Vertices[i]
		label := vertexLabel(vertex.Vertex)
		for task := range vertex.Subtasks() {
			for k := range task.Operators {
				for handle := range task.Operators[k].Streams() {
					if place := placeOf(handle); !seen[place] {
						seen[place] = true
						wanted = append(wanted, wantedState{label, task.Subtask, handle})
					}
				}
			}
		}
	}
	return wanted
}

// readState reads all state, as the subtasks would. What is missing or cut off is
// returned, all of it and in the order of the subtasks; any other error ends the
// reading, for it says nothing about the checkpoint.
func readState(ctx context.Context, restored *coordinator.Restored) (report *readReport, lost []*unreadableState, err error) {
	var handles, total atomic.Int64
	wanted := wantedOf(restored)
	unread := make([]*unreadableState, len(wanted))
	group, reading := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for i := range wanted {
		if reading.Err() != nil {
			break
		}
		group.Go(func() error {
			n, err := storage.DownloadState(reading, restored.Location(), wanted[i].handle, nowhere{})
			if err != nil {
				unread[i] = &unreadableState{wanted[i], err}
				return unread[i].failure()
			}
			handles.Add(1)
			total.Add(n)
			return nil
		})
	}
	err = group.Wait()
	return &readReport{Handles: handles.Load(), Bytes: total.Load()}, lostOf(unread), firstOf(unread, err)
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
