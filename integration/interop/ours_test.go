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
				files := writeRandom(t, g, filepath.Join(dir, "ours"))
				f.checkRead(t, files)
				f.checkRewritten(t, dir, files, canonical)
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

func writeRandom(t *testing.T, g *random.Generator, dir string) map[string]written {
	t.Helper()
	files := map[string]written{}
	for i := range oursPerVersion {
		f := g.File()
		data, err := metadata.Encode(f, nil)
		if err != nil {
			t.Fatalf("file %d: encode: %v", i, err)
		}
		file := filepath.Join(dir, fmt.Sprintf("%04d", i), "_metadata")
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		files[file] = written{f, data}
	}
	return files
}

// checkRead compares what Flink read with what we meant.
func (f flink) checkRead(t *testing.T, files map[string]written) {
	t.Helper()
	for file, theirs := range f.dumps(t, commonDir(files)) {
		w := files[file]
		f.compare(t, file, theirs, dump.Metadata(&w.Metadata, w.Version), dump.Allow{})
	}
}

// checkRewritten has Flink store what it read. In a newer encoding where it has
// one, with an id where there was none; and where there is nothing of the kind,
// to our very bytes.
func (f flink) checkRewritten(t *testing.T, dir string, files map[string]written, canonical bool) {
	t.Helper()
	ours, theirs := filepath.Join(dir, "ours"), filepath.Join(dir, "theirs")
	if _, err := f.Run(t.Context(), "rewrite", ours, theirs, "0"); err != nil {
		t.Fatal(err)
	}
	for file, w := range files {
		rel, err := filepath.Rel(ours, file)
		if err != nil {
			t.Fatal(err)
		}
		rewritten := filepath.Join(theirs, rel)
		data := read(t, rewritten)
		back, err := metadata.Decode(data, f.decodeOptions())
		if err != nil {
			t.Errorf("%s: %v", rewritten, err)
			continue
		}
		meant := dump.Metadata(&w.Metadata, w.Version)
		f.compare(t, rewritten, meant, dump.Metadata(&back.Metadata, back.Version), dump.Allow{DrawnIDs: true})
		if canonical {
			checkSame(t, file, "rewritten by Flink", w.data, data)
		}
	}
}

func commonDir(files map[string]written) string {
	for file := range files {
		return filepath.Dir(filepath.Dir(file))
	}
	return ""
}
