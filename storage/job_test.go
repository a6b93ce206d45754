package storage_test

import (
	"context"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// over returns a storage in which far:// and away:// are the store.
func over(t *testing.T, b backend.Backend) *storage.BackendStorage {
	t.Helper()
	var registry backend.Registry
	open := func(context.Context, backend.Root) (backend.Backend, error) { return b, nil }
	registry.Register(open, "far", "away")
	registry.Register(open, "file")
	s, err := storage.New(&registry, nil)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// job is the id of the job of all tests.
func job() checkpoint.JobID {
	return checkpoint.JobID{0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
}

const jobDir = "ck/a1b2c3d4e5f60708090a0b0c0d0e0f10"

// access returns the job's access to far://b/ck.
func access(t *testing.T, b backend.Backend, opts *storage.AccessOptions) *storage.CheckpointStorageAccess {
	t.Helper()
	if opts == nil {
		opts = &storage.AccessOptions{}
	}
	opts.AllowVolatile = true
	a, err := over(t, b).CreateCheckpointStorage(t.Context(), job(), "far://b/ck", opts)
	must(t, err)
	return a
}

func locationOf(t *testing.T, a *storage.CheckpointStorageAccess, id int64) *storage.CheckpointStorageLocation {
	t.Helper()
	l, err := a.InitializeLocationForCheckpoint(id)
	must(t, err)
	return l
}

// write writes state of so many bytes and returns the handle.
func write(t *testing.T, s *storage.CheckpointStateOutputStream, size int) checkpoint.StreamStateHandle {
	t.Helper()
	defer s.Close()
	_, err := s.Write(make([]byte, size))
	must(t, err)
	handle, err := s.CloseAndGetHandle()
	must(t, err)
	return handle
}

// magic is what metadata begins with, and all that storage knows of it.
const magic = "\x49\x60\x67\x2d"

// publish writes the text as metadata.
func publish(t *testing.T, ctx context.Context, l *storage.CheckpointStorageLocation, text string) (storage.CompletedCheckpointStorageLocation, error) { //nolint:revive // as every helper here, it begins with t
	t.Helper()
	s, err := l.CreateMetadataOutputStream(ctx)
	must(t, err)
	defer s.Close()
	_, err = s.Write([]byte(magic + text))
	must(t, err)
	return s.CloseAndFinalizeCheckpoint()
}
