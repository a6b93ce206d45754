//go:build interop

package interop

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/integration/interop/internal/dump"
)

// generatedPerVersion checkpoints are written by Flink in each version, a few of
// them with every handle that this Flink has in every position.
const generatedPerVersion = 800

// TestGenerated reads random checkpoints that Flink wrote.
func TestGenerated(t *testing.T) {
	f := theFlink(t)
	for _, version := range f.Writes {
		t.Run(fmt.Sprintf("v%d", version), func(t *testing.T) {
			dir := t.TempDir()
			out, err := f.Run(t.Context(), "generate",
				strconv.Itoa(seed), strconv.Itoa(generatedPerVersion), strconv.Itoa(version), dir)
			if err != nil {
				t.Fatal(err)
			}
			files := metadataFiles(t, dir)
			if len(files) != generatedPerVersion {
				t.Fatalf("Flink wrote %d files, want %d", len(files), generatedPerVersion)
			}
			for _, file := range files {
				f.checkGenerated(t, file)
			}
			t.Logf("Flink %s wrote %d files of version %d:\n%s", f.Release, len(files), version, table(t, out))
		})
	}
}

func (f flink) checkGenerated(t *testing.T, file string) {
	t.Helper()
	data := read(t, file)
	ours, err := metadata.Decode(data, f.decodeOptions())
	if err != nil {
		t.Errorf("%s: %v", file, err)
		return
	}
	theirs := parse(t, read(t, filepath.Join(filepath.Dir(file), "dump.json")))
	f.compare(t, file, theirs, dump.Metadata(&ours.Metadata, ours.Version), dump.Allow{})
	again, err := metadata.Encode(ours, nil)
	if err != nil {
		t.Errorf("%s: encode: %v", file, err)
		return
	}
	checkSame(t, file, "decode and encode", data, again)
}

// table shows how often each feature was hit.
func table(t *testing.T, out []byte) string {
	t.Helper()
	var hits map[string]int
	if err := json.Unmarshal(out, &hits); err != nil {
		t.Fatal(err)
	}
	return lines(hits)
}

func lines(hits map[string]int) string {
	var b strings.Builder
	for _, feature := range slices.Sorted(maps.Keys(hits)) {
		fmt.Fprintf(&b, "%8d  %s\n", hits[feature], feature)
	}
	return b.String()
}
