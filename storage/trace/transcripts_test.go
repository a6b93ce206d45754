package trace_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/trace"
)

var update = flag.Bool("update", false, "write the transcripts of testdata anew (make golden)")

// TestTranscripts holds what each scenario asks of a store, request for request. A
// change here is a change of what users pay for. The scenarios get the store itself
// too, for what is not to be in the transcript.
func TestTranscripts(t *testing.T) {
	scenarios := map[string]func(*testing.T, backend.Backend, *mem.Backend){
		"publish": publishCheckpoint,
		"race":    loseRace,
		"abort":   abortCheckpoint,
		"dispose": disposeCheckpoint,
		"restore": restoreSavepoint,
	}
	for name, scenario := range scenarios {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			store := new(mem.Backend)
			scenario(t, trace.Wrap(store, trace.Text(&got)), store)
			compare(t, filepath.Join("testdata", name+".txt"), got.Bytes())
		})
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) != len(scenarios) {
		t.Errorf("%d transcripts of %d scenarios (%v)", len(files), len(scenarios), err)
	}
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs; if it is meant, make golden\n%s", file, diff)
	}
}
