package trace_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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
			compare(t, filepath.Join("testdata", name+".txt"), named(got.String()))
		})
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) != len(scenarios) {
		t.Errorf("%d transcripts of %d scenarios (%v)", len(files), len(scenarios), err)
	}
}

// named gives the files of state, whose names are random, names in their order.
func named(transcript string) []byte {
	names := make(map[string]string)
	random := regexp.MustCompile(`chk-7/[0-9a-f-]{36}`)
	return []byte(random.ReplaceAllStringFunc(transcript, func(key string) string {
		if names[key] == "" {
			names[key] = fmt.Sprintf("chk-7/<random %d>", len(names)+1)
		}
		return names[key]
	}))
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
