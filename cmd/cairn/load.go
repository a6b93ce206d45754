package main

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/storage"
)

// loaded is a checkpoint whose metadata was read.
type loaded struct {
	pointer      string // qualified, the checkpoint's directory
	metadataFile string // its path
	size         int64  // of the metadata, in bytes
	file         *metadata.File
}

// load resolves the pointer and reads the metadata.
func load(ctx context.Context, store storage.CheckpointStorage, pointer string) (*loaded, error) {
	location, err := store.ResolveCheckpoint(ctx, pointer)
	if err != nil {
		return nil, err
	}
	defer location.Close()
	data, err := location.ReadMetadata(ctx)
	if err != nil {
		return nil, err
	}
	file, err := metadata.Decode(data, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", location.MetadataPath(), err)
	}
	return &loaded{
		pointer:      location.ExternalPointer(),
		metadataFile: location.MetadataPath(),
		size:         int64(len(data)),
		file:         file,
	}, nil
}
