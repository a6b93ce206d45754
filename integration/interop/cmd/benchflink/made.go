package main

import (
	"os"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// decoded is the metadata as it was read: its strings are views of the file.
func decoded(file string) (*metadata.File, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return metadata.Decode(data, nil)
}

// made is the same metadata as a coordinator makes it of what its tasks report:
// each handle and each string in memory of its own, and no file behind them.
func made(file string) (*metadata.File, error) {
	read, err := decoded(file)
	if err != nil {
		return nil, err
	}
	fresh := &metadata.File{Version: read.Version, Metadata: *read.MapStreamStateHandles(remake)}
	for i := range fresh.Operators {
		o := &fresh.Operators[i]
		o.Name, o.UID = strings.Clone(o.Name), strings.Clone(o.UID)
		for j := range o.Subtasks {
			remakeStrings(o.Subtasks[j].State.ManagedKeyedState.(*checkpoint.IncrementalRemoteKeyedStateHandle))
		}
	}
	return fresh, nil
}

func remake(h checkpoint.StreamStateHandle) checkpoint.StreamStateHandle {
	file := *h.(*checkpoint.FileStateHandle)
	file.Path = strings.Clone(file.Path)
	return &file
}

func remakeStrings(h *checkpoint.IncrementalRemoteKeyedStateHandle) {
	h.BackendID, h.HandleID = strings.Clone(h.BackendID), strings.Clone(h.HandleID)
	for i := range h.SharedState {
		h.SharedState[i].LocalPath = strings.Clone(h.SharedState[i].LocalPath)
	}
}
