//go:build interop

package interop

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/integration/interop/internal/dump"
)

// TestRecorded reads what clusters of many releases wrote, ours and other
// people's.
func TestRecorded(t *testing.T) {
	f := theFlink(t)
	roots := []string{recordings(t)}
	if corpus := os.Getenv("CAIRN_CORPUS"); corpus != "" {
		roots = append(roots, corpus)
	}
	for _, root := range roots {
		files := metadataFiles(t, root)
		if len(files) == 0 {
			t.Fatalf("no _metadata below %s", root)
		}
		byVersion := map[int]int{}
		refused := 0
		for file, theirs := range f.dumps(t, root, len(files)) {
			if version := f.checkRecorded(t, file, theirs); version > 0 {
				byVersion[version]++
			} else {
				refused++
			}
		}
		t.Logf("%s: files compared, by version: %v; refused: %d", filepath.Base(root), byVersion, refused)
	}
}

func recordings(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", "..", "testdata", "flink"))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// checkRecorded returns the version of the file, or 0 if Flink refused it.
func (f flink) checkRecorded(t *testing.T, file string, theirs map[string]any) int {
	t.Helper()
	data := read(t, file)
	ours, err := metadata.Decode(data, nil)
	if refusal, ok := theirs["error"]; ok {
		if err == nil && release == "" && !readsMore(ours) {
			t.Errorf("%s: Flink refuses it (%v), we do not", file, refusal)
		}
		return 0
	}
	if err != nil {
		t.Errorf("%s: %v", file, err)
		return 0
	}
	f.compare(t, file, theirs, dump.Metadata(&ours.Metadata, ours.Version), dump.Allow{})
	again, err := metadata.Encode(ours, nil)
	if err != nil {
		t.Errorf("%s: encode: %v", file, err)
		return 0
	}
	checkSame(t, file, "decode and encode", data, again)
	return ours.Version
}

// readsMore reports whether a file holds what the newest Flink no longer reads,
// though it has the version for it: channel state of 1.11, changelogs of 1.14, and
// state from the times of 1.1.
func readsMore(f *metadata.File) bool {
	if f.EarlyChannelState || f.EarlyChangelog {
		return true
	}
	for _, operator := range f.Operators {
		for _, subtask := range operator.Subtasks {
			if subtask.State != nil && subtask.State.LegacyOperatorState != nil {
				return true
			}
		}
	}
	return false
}
