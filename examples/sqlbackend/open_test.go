package sqlbackend_test

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/examples/sqlbackend"
	"github.com/cairnstate/cairn/storage/backend"
)

func TestOpenRefusesWhatItDoesNotKnow(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checkpoints.db")
	for name, test := range map[string]struct {
		params url.Values
		told   string
	}{
		"unknown": {url.Values{"file": {file}, "pasword": {"hush"}}, `unknown parameter "pasword"`},
		"twice":   {url.Values{"file": {file, "hush"}}, `"file" is given 2 times`},
		"switch":  {url.Values{"file": {file}, "create": {"hush"}}, `"create" is true or false`},
		"no file": {url.Values{"create": {"true"}}, `"file" is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := sqlbackend.Open(t.Context(), backend.Root{Scheme: "sqlite", Authority: "flink", Params: test.params})
			if err == nil || b != nil {
				t.Fatalf("got backend %v and error %v", b, err)
			}
			if !strings.Contains(err.Error(), test.told) {
				t.Errorf("error %q does not say: %s", err, test.told)
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("error %q tells the value of a parameter", err)
			}
		})
	}
}

// A wrong name must not look like a store without checkpoints.
func TestAMissingDatabaseIsNoEmptyStore(t *testing.T) {
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	if err := os.WriteFile(foreign, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"no file":          filepath.Join(t.TempDir(), "absent.db"),
		"another database": foreign,
	} {
		_, err := sqlbackend.New(t.Context(), file, nil)
		if err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "create=true") {
			t.Errorf("%s: error %v does not say what to do, or takes the database for an object", name, err)
		}
	}
}

func TestAPathIsNoSetting(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a?mode=memory&b#c%20d.db")
	put(t, open(t, file), "object", []byte("content"))
	if got := get(t, open(t, file), "object"); string(got) != "content" {
		t.Errorf("another connection reads %q", got)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}
