package trace_test

import (
	"io"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

func publish(t *testing.T, b backend.Backend, key, content string, opts *backend.CreateOptions) {
	t.Helper()
	w, err := b.Create(t.Context(), key, opts)
	must(t, err)
	defer w.Close()
	_, err = io.WriteString(w, content)
	must(t, err)
	must(t, w.Commit())
}

func readAll(t *testing.T, b backend.Backend, key string, opts *backend.OpenOptions) {
	t.Helper()
	r, err := b.Open(t.Context(), key, opts)
	must(t, err)
	_, err = io.ReadAll(r)
	must(t, err)
	must(t, r.Close())
}

func listed(t *testing.T, b backend.Backend, prefix string) (keys []string) {
	t.Helper()
	for info, err := range b.List(t.Context(), prefix) {
		must(t, err)
		keys = append(keys, info.Key)
	}
	return keys
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
