//go:build interop

package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/integration/interop/internal/dump"
	"github.com/cairnstate/cairn/integration/interop/internal/random"
)

// oursPerVersion random checkpoints are written by us in each version and manner.
const oursPerVersion = 500

// TestOurs has Flink read and rewrite random checkpoints that we wrote.
func TestOurs(t *testing.T) {
	f := theFlink(t)
	for _, version := range f.Writes {
		for _, canonical := range []bool{true, false} {
			t.Run(fmt.Sprintf("v%d canonical %t", version, canonical), func(t *testing.T) {
				dir := t.TempDir()
				g := random.New(seed, version, f.words)
				g.Canonical = canonical
				ours, theirs := filepath.Join(dir, "ours"), filepath.Join(dir, "theirs")
				files := writeRandom(t, g, ours)
				f.checkRead(t, ours, files)
				f.rewrite(t, ours, theirs)
				f.checkRewritten(t, theirs, files, canonical)
				t.Logf("Flink %s read and rewrote %d files of version %d:\n%s", f.Release, len(files), version, lines(g.Hits))
			})
		}
	}
}

// written is a checkpoint as we meant it and as we wrote it.
type written struct {
	*metadata.File
	data []byte
}

// writeRandom returns what it wrote, by the path of the file below dir.
func writeRandom(t *testing.T, g *random.Generator, dir string) map[string]written {
	t.Helper()
	files := map[string]written{}
	for i := range oursPerVersion {
		f := g.File()
		data, err := metadata.Encode(f, nil)
		if err != nil {
			t.Fatalf("file %d: encode: %v", i, err)
		}
		file := filepath.Join(fmt.Sprintf("%04d", i), "_metadata")
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(file)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o644); err != nil {
			t.Fatal(err)
		}
		files[file] = written{f, data}
	}
	return files
}

// checkRead compares what Flink read with what we meant.
func (f flink) checkRead(t *testing.T, dir string, files map[string]written) {
	t.Helper()
	dumps := f.dumps(t, dir, len(files))
	for file, w := range files {
		f.compare(t, file, dumps[filepath.Join(dir, file)], dump.Metadata(&w.Metadata, w.Version), dump.Allow{})
	}
}

func (f flink) rewrite(t *testing.T, from, to string) {
	t.Helper()
	if _, err := f.Run(t.Context(), "rewrite", from, to, "0"); err != nil {
		t.Fatal(err)
	}
}

// checkRewritten reads what Flink stored of what it read. That is in a newer
// encoding where Flink has one, with an id where there was none; and where there
// is nothing of the kind, it is our very bytes.
func (f flink) checkRewritten(t *testing.T, dir string, files map[string]written, canonical bool) {
	t.Helper()
	for file, w := range files {
		data := read(t, filepath.Join(dir, file))
		back, err := metadata.Decode(data, f.decodeOptions())
		if err != nil {
			t.Errorf("%s, rewritten by Flink: %v", file, err)
			continue
		}
		meant := dump.Metadata(&w.Metadata, w.Version)
		f.compare(t, file, meant, dump.Metadata(&back.Metadata, back.Version), dump.Allow{DrawnIDs: true})
		if canonical {
			checkSame(t, file, "rewritten by Flink", w.data, data)
		}
	}
}
