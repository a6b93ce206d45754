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

// resolve finds the checkpoint.
func resolve(ctx context.Context, store storage.CheckpointStorage, pointer string) (storage.CompletedCheckpointStorageLocation, error) {
	if err := checkPointer(pointer); err != nil {
		return nil, err
	}
	return store.ResolveCheckpoint(ctx, pointer)
}

// checkPointer refuses what is no pointer, whatever the stores hold: that is a mistake of
// the command line. It says only the scheme, for the rest may hold a secret.
func checkPointer(pointer string) error {
	p, err := storage.ParsePath(pointer)
	if err != nil {
		return usageError(err)
	}
	if p.Scheme() == "" || p.Scheme() == "file" {
		return nil
	}
	if err := newRegistry().Check(p.Scheme()); err != nil {
		return usageError(fmt.Errorf("pointer: %w", err))
	}
	if p.Authority() == "" {
		return usageError(fmt.Errorf("pointer: it has no bucket: write %s://BUCKET/path", p.Scheme()))
	}
	return nil
}

// load resolves the pointer and reads the metadata.
func load(ctx context.Context, store storage.CheckpointStorage, pointer string) (*loaded, error) {
	location, err := resolve(ctx, store, pointer)
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
