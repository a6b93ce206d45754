package trace_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/internal/around"
	"github.com/cairnstate/cairn/storage/internal/powers"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/storagetest"
	"github.com/cairnstate/cairn/storage/trace"
)

func TestConformance(t *testing.T) {
	shared := new(mem.Backend)
	storagetest.Run(t, func(*testing.T) backend.Backend { return trace.Wrap(shared, func(trace.Line) {}) })
}

// TestNoMethodIsSilent would find a power that came later and has no line.
func TestNoMethodIsSilent(t *testing.T) {
	var lines []trace.Line
	b := trace.Wrap(new(mem.Backend), func(l trace.Line) { lines = append(lines, l) })
	for name, request := range powers.Requests(b) {
		lines = nil
		_ = request(t.Context(), "key") // whether it succeeds is not the question
		if len(lines) == 0 {
			t.Errorf("%s has no line", name)
		}
	}
}

// located answers with a secret.
type located struct{ *mem.Backend }

func (located) Locate(context.Context, string, time.Duration) (*url.URL, error) {
	return url.Parse("https://store/a?signature=hush")
}

func TestLinesHoldNoSecret(t *testing.T) {
	var log bytes.Buffer
	sinks := []trace.Sink{trace.Text(&log), trace.Timed(&log), trace.Log(slog.New(slog.NewTextHandler(&log, nil)), slog.LevelInfo)}
	for _, sink := range sinks {
		if _, err := backend.Locate(t.Context(), trace.Wrap(located{}, sink), "a", time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(log.String(), "hush") || strings.Count(log.String(), "\n") != 3 {
		t.Errorf("logged %s", log.String())
	}
}

func TestOutcomes(t *testing.T) {
	for recipe, want := range map[string]string{
		"stat: fail(throttled)":       `stat "a": throttled`,
		"stat: fail(permission)":      `stat "a": denied`,
		"stat & nth(2): fail(full)":   `stat "a": absent`,
		"stat: fail(full)":            `stat "a": full`,
		"stat: kill":                  `stat "a": failed: fault: stat "a": the process was killed here, by a fault`,
		"delete & nth(9): fail(full)": `stat "a": absent`,
	} {
		plan, err := fault.Parse(recipe)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		_, _ = trace.Wrap(fault.Wrap(new(mem.Backend), plan), func(l trace.Line) { got = l.String() }).Stat(t.Context(), "a")
		if got != want {
			t.Errorf("%s: %s, want %s", recipe, got, want)
		}
	}
}

// TestWhatFailsInTheMiddleIsTold holds a failed write and a failed read, which have no
// line when all is well.
func TestWhatFailsInTheMiddleIsTold(t *testing.T) {
	plan, err := fault.Parse("write & nth(2): short(full); read & nth(2): fail(reset)")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	b := trace.Wrap(fault.Wrap(new(mem.Backend), plan), trace.Text(&log))
	publish(t, b, "a", "good", nil)
	r, err := b.Open(t.Context(), "a", &backend.OpenOptions{Offset: 1, Length: 9})
	must(t, err)
	_, _ = io.ReadAll(r)
	r.Close()
	w, err := b.Create(t.Context(), "b", nil)
	must(t, err)
	_, _ = io.WriteString(w, "full")
	w.Close()
	want := `create "a": ok
commit "a", 4 bytes: ok
open "a" at 1+9, 4 bytes: ok
read "a" at 1+9, 3 bytes: transient
create "b": ok
write "b", 2 bytes: full
abort "b", 2 bytes: ok
`
	if log.String() != want {
		t.Errorf("logged\n%swant\n%s", log.String(), want)
	}
}

func TestAnUploadIsOneLine(t *testing.T) {
	var log bytes.Buffer
	b := trace.Wrap(fault.Wrap(new(mem.Backend), fault.At(fault.And(fault.On(fault.Send), fault.After(4)), fault.Fail(fault.Reset))), trace.Text(&log))
	must(t, backend.Upload(t.Context(), b, "a", &backend.CreateOptions{IfAbsent: true}, strings.NewReader("good"), 4))
	_ = backend.Upload(t.Context(), b, "b", nil, strings.NewReader("goods"), 5)
	want := "upload \"a\" if-absent, 4 bytes: ok\nupload \"b\", 4 bytes: transient\n"
	if log.String() != want {
		t.Errorf("logged\n%swant\n%s", log.String(), want)
	}
}

func TestTimeIsThatOfTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(mem.Backend)
		publish(t, store, "a", "0123456789", nil)
		slow := around.Wrap(store, func(_ *around.Call, do func() error) error {
			time.Sleep(time.Second)
			return do()
		})
		var log bytes.Buffer
		b := trace.Wrap(slow, trace.Timed(&log))
		readAll(t, b, "a", nil) // read twice, and closed
		for range b.List(t.Context(), "") {
			time.Sleep(time.Hour)
		}
		want := "open \"a\", 10 bytes: ok in 1s\nread \"a\", 10 bytes: ok in 3s\nlist \"\", 1 objects: ok in 3s\n"
		if log.String() != want {
			t.Errorf("logged\n%swant\n%s", log.String(), want)
		}
	})
}

func TestLogIsStructured(t *testing.T) {
	var log bytes.Buffer
	handler := slog.NewJSONHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "took" {
			return slog.Attr{}
		}
		return a
	}})
	b := trace.Wrap(new(mem.Backend), trace.Log(slog.New(handler), slog.LevelDebug))
	_, _ = b.Stat(t.Context(), "a") // below the level
	b = trace.Wrap(new(mem.Backend), trace.Log(slog.New(handler), slog.LevelInfo))
	_, _ = b.Stat(t.Context(), "a")
	want := `{"level":"INFO","msg":"stat \"a\": absent","storage":{"op":"stat","key":"a","outcome":"absent","error":"mem: stat \"a\": file does not exist"}}` + "\n"
	if log.String() != want {
		t.Errorf("logged\n%swant\n%s", log.String(), want)
	}
}

func TestABatchIsOneLine(t *testing.T) {
	for want, keys := range map[string][]string{
		`delete-all below "a/b", 2 objects: ok`: {"a/b/c", "a/b/d/e"},
		`delete-all below "a", 2 objects: ok`:   {"a/b/c", "a/bc"},
		`delete-all below "", 2 objects: ok`:    {"a/b", "b"},
		`delete-all below "a/b", 1 objects: ok`: {"a/b/c"},
		`delete-all, 0 objects: ok`:             nil,
	} {
		var got string
		must(t, backend.DeleteAll(t.Context(), trace.Wrap(new(mem.Backend), func(l trace.Line) { got = l.String() }), keys))
		if got != want {
			t.Errorf("%q: %s, want %s", keys, got, want)
		}
	}
}

// oneAtATime fails if two goroutines write at once.
type oneAtATime struct {
	t  *testing.T
	mu sync.Mutex
}

func (w *oneAtATime) Write(p []byte) (int, error) {
	if !w.mu.TryLock() {
		w.t.Error("two lines at once")
	}
	defer w.mu.Unlock()
	if bytes.Count(p, []byte("\n")) != 1 {
		w.t.Errorf("wrote %q, want one line", p)
	}
	return 0, errors.New("full")
}

func TestLinesDoNotMix(t *testing.T) {
	b := trace.Wrap(new(mem.Backend), trace.Text(&oneAtATime{t: t}))
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			for range 100 {
				_, _ = b.Stat(t.Context(), "a")
			}
		})
	}
	done.Wait()
}
