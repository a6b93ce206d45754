package integration_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage"
)

// TestFilesOfADatabase sends the files of a directory to a checkpoint in each place, as
// an embedded database does, and makes a directory of the checkpoint again. The large
// file goes to a real store in parts, and comes back in ranges.
func TestFilesOfADatabase(t *testing.T) {
	minio, gcs := servers.StartMinIO(t), servers.StartGCS(t)
	files := map[string]int{"000012.sst": 40 << 20, "000013.sst": 100_000, "MANIFEST-000004": 900, "CURRENT": 16}
	here := t.TempDir()
	for name, size := range files {
		noise := make([]byte, size)
		_, _ = rand.NewChaCha8([32]byte{byte(size)}).Read(noise)
		if err := os.WriteFile(filepath.Join(here, name), noise, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []place{disk(t), minioPlace(minio, minio.Endpoint, "s3"), gcsPlace(gcs, gcs.Endpoint)} {
		t.Run(p.name, func(t *testing.T) {
			if err := p.witness.MakeBucket(t.Context(), bucket); err != nil {
				t.Fatal(err)
			}
			s := p.openWith(t, new(storage.Options))
			access, err := s.CreateCheckpointStorage(t.Context(), checkpoint.JobID{4, 5, 6}, p.root+"/ck", nil)
			if err != nil {
				t.Fatal(err)
			}
			w := &written{t: t, storage: s, access: access}
			handles := w.uploads(w.location(1), here, files)
			if _, err := w.publish(w.location(1), some); err != nil {
				t.Fatal(err)
			}
			w.downloads(w.location(1).ExclusiveDirectory(), here, handles)
			w.takesBack(w.location(2), here, files)
		})
	}
}

// uploads makes shared state of the files.
func (w *written) uploads(l *storage.CheckpointStorageLocation, dir string, files map[string]int) map[string]checkpoint.StreamStateHandle {
	w.t.Helper()
	handles := make(map[string]checkpoint.StreamStateHandle)
	for name, size := range files {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			w.t.Fatal(err)
		}
		defer f.Close()
		if handles[name], err = l.UploadState(w.t.Context(), storage.SharedState, f, int64(size)); err != nil {
			w.t.Fatal(err)
		}
	}
	return handles
}

// downloads makes files of the state, and compares them with those in dir.
func (w *written) downloads(pointer, dir string, handles map[string]checkpoint.StreamStateHandle) {
	w.t.Helper()
	at, err := w.storage.ResolveCheckpoint(w.t.Context(), pointer)
	if err != nil {
		w.t.Fatal(err)
	}
	defer at.Close()
	there := w.t.TempDir()
	for name, handle := range handles {
		if err := downloadFile(w.t.Context(), at, handle, filepath.Join(there, name)); err != nil {
			w.t.Fatal(err)
		}
		want, wantErr := os.ReadFile(filepath.Join(dir, name))
		got, err := os.ReadFile(filepath.Join(there, name))
		if err != nil || wantErr != nil || !bytes.Equal(got, want) {
			w.t.Errorf("%s: %d bytes came back of %d; %v, %v", name, len(got), len(want), err, wantErr)
		}
	}
}

func downloadFile(ctx context.Context, at storage.CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle, name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := storage.DownloadState(ctx, at, handle, f); err != nil {
		return err
	}
	return f.Close()
}

// takesBack uploads files for a checkpoint, and discards them all as a worker does.
func (w *written) takesBack(l *storage.CheckpointStorageLocation, dir string, files map[string]int) {
	w.t.Helper()
	before := w.files()
	var own []checkpoint.StreamStateHandle
	for _, handle := range w.uploads(l, dir, files) {
		own = append(own, handle)
	}
	if n := len(w.files()); n != len(before)+2 { // the others are in their handles
		w.t.Errorf("%d files, there were %d before", n, len(before))
	}
	if err := l.CheckpointStreamFactory.DiscardStates(w.t.Context(), own); err != nil {
		w.t.Fatal(err)
	}
	if after := w.files(); !slices.Equal(after, before) {
		w.t.Errorf("files are %v, before were %v", after, before)
	}
}

// files are those in the job's directory.
func (w *written) files() []string {
	w.t.Helper()
	var names []string
	for file, err := range w.access.Files(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		names = append(names, file.Name)
	}
	return names
}
