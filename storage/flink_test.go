package storage_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/storage"
)

// TestWhatFlinkWroteOpens resolves every snapshot that real Flink wrote for us and
// reads every byte that its handles stand for. The files lie elsewhere than where
// they were made, as those of a copied checkpoint do.
func TestWhatFlinkWroteOpens(t *testing.T) {
	kinds := make(map[string]int)
	for _, snapshot := range snapshots(t) {
		t.Run(snapshot.name, func(t *testing.T) {
			s := newLocalStorage(t, &storage.Options{Relocate: []storage.Relocation{{From: snapshot.madeAt, To: snapshot.dir}}})
			location := resolve(t, s, snapshot.pointer)
			for _, handle := range handles(t, location) {
				kind := fmt.Sprintf("%T", handle)
				kinds[kind]++
				state, err := location.OpenState(t.Context(), handle)
				got := int64(len(drain(t, state, err)))
				want := handle.StateSize()
				if isChangelog(handle) {
					want++ // Flink forgets the flag in front, and here nothing is compressed
				}
				if got != want {
					t.Errorf("%s: read %d bytes, want %d", kind, got, want)
				}
			}
		})
	}
	for _, kind := range []string{"ByteStream", "File", "RelativeFile", "SegmentFile", "EmptySegmentFile"} {
		if kinds["*checkpoint."+kind+"StateHandle"] == 0 {
			t.Errorf("no snapshot has a %s: %v", kind, kinds)
		}
	}
	t.Log(kinds)
}

// Where nobody says that files were moved, absolute handles are refused, and
// nothing is read from where they point to.
func TestWhatFlinkWroteIsConfined(t *testing.T) {
	refused := 0
	for _, snapshot := range snapshots(t) {
		location := resolve(t, newLocalStorage(t, nil), snapshot.pointer)
		for _, handle := range handles(t, location) {
			state, err := location.OpenState(t.Context(), handle)
			if err == nil {
				must(t, state.Close())
				continue
			}
			if !errors.Is(err, storage.ErrOutsideAllowed) {
				t.Errorf("%s: %v", snapshot.name, err)
			}
			refused++
		}
	}
	if refused == 0 {
		t.Error("no handle was refused")
	}
}

type snapshot struct{ name, pointer, madeAt, dir string }

// snapshots returns those that the manifests of testdata name.
func snapshots(t *testing.T) []snapshot {
	t.Helper()
	manifests, err := filepath.Glob("../testdata/flink/*/*/expected.json")
	must(t, err)
	if len(manifests) == 0 {
		t.Fatal("there is no data of Flink in testdata/flink; integration/flink makes it")
	}
	var all []snapshot
	for _, name := range manifests {
		var manifest struct {
			MadeAt    string
			Snapshots []struct{ Pointer string }
		}
		data, err := os.ReadFile(name)
		must(t, err)
		must(t, json.Unmarshal(data, &manifest))
		dir := filepath.Dir(name)
		for _, s := range manifest.Snapshots {
			short := strings.TrimPrefix(dir, "../testdata/flink/") + "/" + filepath.Base(s.Pointer)
			all = append(all, snapshot{short, filepath.Join(dir, s.Pointer), manifest.MadeAt, dir})
		}
	}
	return all
}

func handles(t *testing.T, location storage.CompletedCheckpointStorageLocation) []checkpoint.StreamStateHandle {
	t.Helper()
	data, err := location.ReadMetadata(t.Context())
	must(t, err)
	file, err := metadata.Decode(data, nil)
	must(t, err)
	var all []checkpoint.StreamStateHandle
	for _, handle := range file.StreamStateHandles() {
		all = append(all, handle)
	}
	return all
}

func isChangelog(handle checkpoint.StreamStateHandle) bool {
	file, ok := handle.(*checkpoint.FileStateHandle)
	return ok && strings.Contains(file.Path, "/dstl/")
}
