package storage_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// An embedded database keeps its state in files that do not change any more. A
// checkpoint uploads those that no earlier one has; a restore downloads all of them into
// an empty directory, where the database is opened.
func ExampleCheckpointStreamFactory_UploadState() {
	ctx := context.Background()
	var host mem.Host
	var registry backend.Registry
	registry.Register(host.Open, "mem")
	checkpoints, err := storage.New(&registry, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer checkpoints.Close()
	access, err := checkpoints.CreateCheckpointStorage(ctx, checkpoint.JobID{}, "mem://demo/checkpoints", &storage.AccessOptions{AllowVolatile: true})
	if err != nil {
		log.Fatal(err)
	}
	location, err := access.InitializeLocationForCheckpoint(1)
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "database")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	sst := filepath.Join(dir, "000007.sst")
	if err := os.WriteFile(sst, make([]byte, 100_000), 0o666); err != nil {
		log.Fatal(err)
	}
	handle, err := upload(ctx, location.CheckpointStreamFactory, sst)
	if err != nil {
		log.Fatal(err)
	}
	completed, err := complete42(ctx, location, handle)
	if err != nil {
		log.Fatal(err)
	}
	defer completed.Close()
	n, err := restoreFile(ctx, completed, handle, filepath.Join(dir, "restored.sst"))
	fmt.Printf("%T of %d bytes; %d came back; %v\n", handle, handle.StateSize(), n, err)

	// Output:
	// *checkpoint.FileStateHandle of 100000 bytes; 100000 came back; <nil>
}

// upload makes shared state of a file.
func upload(ctx context.Context, streams *storage.CheckpointStreamFactory, name string) (checkpoint.StreamStateHandle, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return streams.UploadState(ctx, storage.SharedState, f, info.Size())
}

// restoreFile makes a file of state.
func restoreFile(ctx context.Context, at storage.CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle, name string) (int64, error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	n, err := storage.DownloadState(ctx, at, handle, f)
	if err != nil {
		return 0, err
	}
	return n, f.Close()
}
