package fault_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
)

type counting struct {
	*mem.Backend
	count *int
}

func (c counting) Stat(ctx context.Context, key string) (backend.Info, error) {
	*c.count++
	return c.Backend.Stat(ctx, key)
}

func (c counting) Delete(ctx context.Context, key string) error {
	*c.count++
	return c.Backend.Delete(ctx, key)
}

func (c counting) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	*c.count++
	w, err := c.Backend.Create(ctx, key, opts)
	return countingWriter{w, c.count}, err
}

type countingWriter struct {
	backend.Writer
	count *int
}

func (c countingWriter) Close() error  { *c.count++; return c.Writer.Close() }
func (c countingWriter) Commit() error { *c.count++; return c.Writer.Commit() }

type trialTest struct {
	complain func(string)
	cleanup  []func()
}

func (*trialTest) Helper()                             {}
func (t *trialTest) Cleanup(f func())                  { t.cleanup = append(t.cleanup, f) }
func (t *trialTest) Errorf(format string, args ...any) { t.complain(fmt.Sprintf(format, args...)) }
func (t *trialTest) end() {
	for _, f := range t.cleanup {
		f()
	}
}

func bitsApart(a, b string) (n int) {
	for i := range min(len(a), len(b)) {
		for x := a[i] ^ b[i]; x != 0; x &= x - 1 {
			n++
		}
	}
	return n + 8*max(len(a)-len(b), len(b)-len(a))
}

func guarded(t *testing.T, store backend.Backend, recipe string) backend.Backend {
	t.Helper()
	plan, err := fault.Parse(recipe)
	if err != nil {
		t.Fatal(err)
	}
	return fault.Guard(t, fault.Wrap(store, plan))
}

func put(t *testing.T, store backend.Backend, key, content string) {
	t.Helper()
	w, err := store.Create(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, store backend.Backend) string {
	var all []string
	for info, err := range store.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		r, err := store.Open(t.Context(), info.Key, nil)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(r)
		all = append(all, info.Key+"="+string(data))
	}
	return strings.Join(all, " ")
}
