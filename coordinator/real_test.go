package coordinator_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

// Everything that real Flink left in testdata/flink restores from local disk, in
// each claim mode, and every handle that a subtask gets has the bytes that the
// metadata says.
func TestRealSnapshots(t *testing.T) {
	manifests, err := filepath.Glob("../testdata/flink/*/*/expected.json")
	if err != nil || len(manifests) == 0 {
		t.Fatalf("no manifests in testdata/flink: %v", err)
	}
	for _, path := range manifests {
		m := readManifest(t, path)
		for _, snapshot := range m.Snapshots {
			for mode := coordinator.NoClaim; mode <= coordinator.Legacy; mode++ {
				t.Run(strings.Join([]string{m.Release, m.Case, filepath.Base(snapshot.Pointer), mode.String()}, "/"), func(t *testing.T) {
					testRealSnapshot(t, m, snapshot, mode)
				})
			}
		}
	}
}

type manifest struct {
	dir       string
	Release   string
	Case      string
	MadeAt    string
	Snapshots []realSnapshot
}

type realSnapshot struct {
	Pointer      string
	CheckpointID int64
}

func readManifest(t *testing.T, path string) manifest {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	m := manifest{dir: filepath.ToSlash(dir)}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return m
}

func testRealSnapshot(t *testing.T, m manifest, snapshot realSnapshot, mode coordinator.ClaimMode) {
	pointer := m.dir + "/" + snapshot.Pointer
	var garbage coordinator.Garbage
	discard := func(_ context.Context, g coordinator.Garbage) error {
		garbage = g
		return nil
	}
	c, err := coordinator.New(sameJob(t, pointer), localStorage(t, m), &coordinator.Options{Discard: discard})
	if err != nil {
		t.Fatal(err)
	}
	restored, err := c.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{Path: pointer, ClaimMode: mode})
	if err != nil {
		t.Fatal(err)
	}
	if restored.CheckpointID != snapshot.CheckpointID || restored.NextCheckpointID != snapshot.CheckpointID+1 {
		t.Errorf("checkpoint %d, next %d", restored.CheckpointID, restored.NextCheckpointID)
	}
	if mode == coordinator.NoClaim {
		readAllState(t, restored)
	}
	if err := c.Shutdown(t.Context(), completed.Finished); err != nil {
		t.Error(err)
	}
	checkGarbage(t, garbage, m, mode)
}

// sameJob is the job that took the snapshot, as far as the metadata knows it.
func sameJob(t *testing.T, pointer string) *job.Job {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(pointer, "_metadata"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := metadata.Decode(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	j, err := job.FromMetadata(&file.Metadata, job.Parallelism{})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// localStorage finds what was made elsewhere in the folder of the case.
func localStorage(t *testing.T, m manifest) *storage.BackendStorage {
	t.Helper()
	var registry backend.Registry
	registry.Register(fs.Open, "file")
	st, err := storage.New(&registry, &storage.Options{Relocate: []storage.Relocation{{From: m.MadeAt, To: "file:" + m.dir}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func readAllState(t *testing.T, restored *coordinator.Restored) {
	t.Helper()
	for _, vertex := range restored.Assignment.Vertices {
		for task := range vertex.Subtasks() {
			for _, operator := range task.Operators {
				for handle := range operator.Streams() {
					readHandle(t, restored, handle)
				}
			}
		}
	}
}

func readHandle(t *testing.T, restored *coordinator.Restored, handle checkpoint.StreamStateHandle) {
	t.Helper()
	reader, err := restored.Open(t.Context(), handle)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	want := handle.StateSize()
	if file, whole := handle.(*checkpoint.FileStateHandle); whole && strings.Contains(file.Path, "/dstl/") {
		want++ // Flink does not count the byte that says whether a changelog is compressed
	}
	if n, err := io.Copy(io.Discard, reader); err != nil || n != want {
		t.Errorf("%+v: read %d bytes: %v", handle, n, err)
	}
}

// checkGarbage looks at what the end of the job leaves: of what was claimed,
// nothing outside the case, and of the rest nothing at all.
func checkGarbage(t *testing.T, garbage coordinator.Garbage, m manifest, mode coordinator.ClaimMode) {
	t.Helper()
	if mode != coordinator.Claim {
		if !garbage.Empty() {
			t.Errorf("%s: discarded %+v", mode, garbage)
		}
		return
	}
	if len(garbage.Checkpoints) != 1 {
		t.Errorf("discarded %v", ids(garbage.Checkpoints))
	}
	for _, deletion := range garbage.SharedState {
		if !strings.HasPrefix(deletion.Path, m.MadeAt+"/") && !strings.Contains(deletion.Path, m.dir+"/") {
			t.Errorf("deleted outside of the case: %s", deletion.Path)
		}
	}
}
