//go:build interop

package interop

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/integration/interop/internal/dump"
	"github.com/cairnstate/cairn/integration/interop/internal/oracle"
	"github.com/cairnstate/cairn/integration/interop/internal/random"
)

// seed makes what is random the same in every run. A failure names its file, and
// the file is the same the next time.
const seed = 1

// release is the Flink to ask; empty for the newest.
var release = os.Getenv("FLINK_VERSION")

var built = sync.OnceValues(func() (*oracle.Oracle, error) {
	return oracle.Build(context.Background(), release)
})

// flink is the release under test and what it takes to compare with it.
type flink struct {
	*oracle.Oracle
	words random.Vocabulary
}

// theFlink fails where there is no Flink to ask.
func theFlink(t *testing.T) flink {
	t.Helper()
	o, err := built()
	if err != nil {
		t.Fatal(err)
	}
	words, err := random.Of(o.Release)
	if err != nil {
		t.Fatal(err)
	}
	return flink{o, words}
}

// decodeOptions say what nothing in a file of this release does.
func (f flink) decodeOptions() *metadata.DecodeOptions {
	opts := &metadata.DecodeOptions{ChannelState: metadata.ChannelStateCurrent, Changelog: metadata.ChangelogCurrent}
	if f.words.EarlyChannelState() {
		opts.ChannelState = metadata.ChannelStateEarly
	}
	if f.words.EarlyChangelog() {
		opts.Changelog = metadata.ChangelogEarly
	}
	return opts
}

// compare fails the test for each place where two descriptions differ.
func (f flink) compare(t *testing.T, file string, want, got any, allow dump.Allow) {
	t.Helper()
	if !f.words.FilesAreListed() {
		dump.SortFiles(want)
		dump.SortFiles(got)
	}
	allow.UnknownFields = !f.words.AllFields()
	for _, d := range dump.Diff(want, got, allow) {
		t.Errorf("%s: %s", file, d)
	}
}

// dumps asks Flink what the files say, one file or all below a folder, and
// returns it by file.
func (f flink) dumps(t *testing.T, path string, want int) map[string]map[string]any {
	t.Helper()
	out, err := f.Run(t.Context(), "dump", path)
	if err != nil {
		t.Fatal(err)
	}
	dumps := map[string]map[string]any{}
	for line := range bytes.Lines(out) {
		d := parse(t, line)
		file := d["file"].(string)
		delete(d, "file")
		dumps[file] = d
	}
	if len(dumps) != want {
		t.Fatalf("%s: Flink looked at %d files, want %d", path, len(dumps), want)
	}
	return dumps
}

func parse(t *testing.T, line []byte) map[string]any {
	t.Helper()
	d, err := dump.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// checkSame fails where two encodings part.
func checkSame(t *testing.T, file, what string, want, got []byte) {
	t.Helper()
	if bytes.Equal(want, got) {
		return
	}
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	around := func(b []byte) []byte { return b[max(0, at-8):min(len(b), at+24)] }
	t.Errorf("%s: %s: %d bytes became %d, from byte %d on:\n\twant …% x…\n\tgot  …% x…",
		file, what, len(want), len(got), at, around(want), around(got))
}

func metadataFiles(t *testing.T, root string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Name() == "_metadata" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
