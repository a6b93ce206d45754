package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// A pointer becomes a location; the location gives the metadata, and the bytes
// behind its handles, but not what lies elsewhere.
func Example() {
	ctx := context.Background()
	var host mem.Host
	put(host.Store("demo"), "sp/savepoint-1a2b3c-0123456789ab/_metadata", "metadata")
	put(host.Store("demo"), "sp/savepoint-1a2b3c-0123456789ab/5b8f", "state")

	var registry backend.Registry
	registry.Register(host.Open, "mem")
	checkpoints, err := storage.New(&registry, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer checkpoints.Close()

	location, err := checkpoints.ResolveCheckpoint(ctx, "mem://demo/sp/savepoint-1a2b3c-0123456789ab/")
	if err != nil {
		log.Fatal(err)
	}
	defer location.Close()
	fmt.Println(location.ExternalPointer())

	data, err := location.ReadMetadata(ctx)
	fmt.Printf("%s %v\n", data, err)

	state, err := location.OpenState(ctx, &checkpoint.RelativeFileStateHandle{RelativePath: "5b8f", Size: 5})
	if err != nil {
		log.Fatal(err)
	}
	defer state.Close()
	data, err = io.ReadAll(state)
	fmt.Printf("%s %v\n", data, err)

	_, err = location.OpenState(ctx, &checkpoint.FileStateHandle{Path: "mem://demo/other/file"})
	fmt.Println(errors.Is(err, storage.ErrOutsideAllowed))
	// Output:
	// mem://demo/sp/savepoint-1a2b3c-0123456789ab
	// metadata <nil>
	// state <nil>
	// true
}

func put(store *mem.Backend, key, content string) {
	w, err := store.Create(context.Background(), key, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Close()
	fmt.Fprint(w, content)
	if err := w.Commit(); err != nil {
		log.Fatal(err)
	}
}
