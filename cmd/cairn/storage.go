package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/stack"
)

// storageFlags are the flags of all commands that read from a store.
type storageFlags struct {
	locations    []string
	relocate     []string
	allowAnyPath bool
	observe      observeFlags
}

func (f *storageFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.locations, "location", nil,
		"a place that may be read, as a `URI` with parameters for its store, as in s3://bucket?endpoint=http://127.0.0.1:9000 (may be repeated)")
	flags.StringArrayVar(&f.relocate, "relocate", nil,
		"`FROM=TO`: read what the metadata has under FROM from TO, for checkpoints that were copied (may be repeated)")
	flags.BoolVar(&f.allowAnyPath, "allow-any-path", false,
		"let the metadata name files anywhere; only for metadata that you trust")
	f.observe.add(cmd)
}

// open returns the storage that the flags describe, for reading alone. The caller
// closes it.
func (f *storageFlags) open(ctx context.Context) (*storage.BackendStorage, error) {
	opts := &storage.Options{Locations: f.locations, AllowAnyPath: f.allowAnyPath}
	for _, mapping := range f.relocate {
		from, to, ok := strings.Cut(mapping, "=")
		if !ok || from == "" || to == "" {
			return nil, usageError(fmt.Errorf("--relocate %q: write FROM=TO", mapping))
		}
		opts.Relocate = append(opts.Relocate, storage.Relocation{From: from, To: to})
	}
	around, err := f.observe.stack(ctx)
	if err != nil {
		return nil, err
	}
	s, err := storage.New(stack.Over(newReadingRegistry(), around), opts)
	if err != nil {
		return nil, usageError(err)
	}
	if err := s.OpenLocations(ctx); err != nil {
		return nil, usageError(errors.Join(err, s.Close()))
	}
	return s, nil
}
