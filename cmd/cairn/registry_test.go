package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// sealed is a store that has nothing, and fails the test if anybody writes to it.
func sealed(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			t.Errorf("a request that writes came through: %s %s", r.Method, r.URL)
		}
		http.Error(w, "nothing here", http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	return url.QueryEscape(server.URL)
}

// places returns a URL for each scheme of the command: a directory that is not there.
func places(t *testing.T) map[string]string {
	t.Helper()
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	endpoint := sealed(t)
	return map[string]string{
		"file":  "file://" + t.TempDir() + "/absent?",
		"s3":    "s3://states/dir?anonymous=true&endpoint=" + endpoint,
		"s3a":   "s3a://states/dir?anonymous=true&endpoint=" + endpoint,
		"s3n":   "s3n://states/dir?anonymous=true&endpoint=" + endpoint,
		"s3p":   "s3p://states/dir?anonymous=true&endpoint=" + endpoint,
		"gs":    "gs://states/dir?endpoint=" + endpoint,
		"abfs":  "abfs://states@cairn.dfs.core.windows.net/dir?anonymous=true&endpoint=" + endpoint + "/cairn",
		"abfss": "abfss://states@cairn.dfs.core.windows.net/dir?anonymous=true&endpoint=" + endpoint + "/cairn",
		"wasb":  "wasb://states@cairn.blob.core.windows.net/dir?anonymous=true&endpoint=" + endpoint + "/cairn",
		"wasbs": "wasbs://states@cairn.blob.core.windows.net/dir?anonymous=true&endpoint=" + endpoint + "/cairn",
	}
}

// writes are all ways to change a store.
func writes(ctx context.Context, b backend.Backend, key string) map[string]error {
	_, swapped := backend.Swap(ctx, b, key, "", []byte("content"))
	return map[string]error{
		"create":     create(ctx, b, key),
		"delete":     b.Delete(ctx, key),
		"delete all": backend.DeleteAll(ctx, b, []string{key}),
		"copy":       backend.Copy(ctx, b, key, key+"-2", nil),
		"swap":       swapped,
	}
}

func create(ctx context.Context, b backend.Backend, key string) error {
	w, err := b.Create(ctx, key, nil)
	if err != nil {
		return err
	}
	defer w.Close()
	return w.Commit()
}

// Commands that only read cannot write, on any store that the command knows.
func TestReadingCommandsCannotWrite(t *testing.T) {
	places := places(t)
	for _, scheme := range newRegistry().Schemes() {
		place, ok := places[scheme]
		if !ok {
			t.Errorf("no place for scheme %q", scheme)
			continue
		}
		t.Run(scheme, func(t *testing.T) {
			flags := storageFlags{locations: []string{strings.TrimSuffix(place, "?")}}
			store, err := flags.open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			pointer, _, _ := strings.Cut(place, "?")
			b, key, err := store.Backend(t.Context(), pointer)
			if err != nil {
				t.Fatal(err)
			}
			refuses(t, b, key+"/object")

			target, err := openTarget(t.Context(), place, &verifyOptions{readOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			defer target.backend.Close()
			refuses(t, target.backend, target.dir+"/object")
		})
	}
}

func refuses(t *testing.T, b backend.Backend, key string) {
	t.Helper()
	for verb, err := range writes(t.Context(), b, key) {
		if !errors.Is(err, backend.ErrReadOnly) {
			t.Errorf("%s: %v, want ErrReadOnly", verb, err)
		}
	}
}

// What the user says of it himself holds, and a command that writes can.
func TestReadOnlyIsAsTheUserSays(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		place string
		opts  verifyOptions
		want  bool
	}{
		{dir, verifyOptions{}, false},
		{dir, verifyOptions{readOnly: true}, true},
		{dir + "?read-only=false", verifyOptions{readOnly: true}, false},
		{dir + "?read-only=true", verifyOptions{}, true},
	} {
		target, err := openTarget(t.Context(), test.place, &test.opts)
		if err != nil {
			t.Fatal(err)
		}
		defer target.backend.Close()
		if got := backend.LimitsOf(target.backend).ReadOnly; got != test.want {
			t.Errorf("%s, %+v: read-only is %v", test.place, test.opts, got)
		}
	}
}
