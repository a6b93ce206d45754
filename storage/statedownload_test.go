package storage_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
)

// pieces is a store that brings objects in pieces of some bytes, the last piece first,
// the others from several goroutines, and some of them twice.
type pieces struct {
	*distant
	size  int64
	loses int64 // the piece that begins here; none if negative
	calls atomic.Int32
}

func (p *pieces) Download(ctx context.Context, key string, opts *backend.OpenOptions, w io.WriterAt) (backend.Info, error) {
	p.calls.Add(1)
	r, err := p.Open(ctx, key, opts)
	if err != nil {
		return backend.Info{}, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return backend.Info{}, err
	}
	return r.Info(), p.deliver(data, w)
}

func (p *pieces) deliver(data []byte, w io.WriterAt) error {
	last := int64(len(data)-1) / p.size * p.size
	if err := p.piece(data, last, w); err != nil {
		return err
	}
	var all errgroup.Group
	for at := int64(0); at < last; at += p.size {
		all.Go(func() error { return errors.Join(p.piece(data, at, w), p.piece(data, at/2/p.size*p.size, w)) })
	}
	return all.Wait()
}

func (p *pieces) piece(data []byte, at int64, w io.WriterAt) error {
	if at == p.loses {
		return nil
	}
	_, err := w.WriteAt(data[at:min(at+p.size, int64(len(data)))], at)
	return err
}

// memory is an io.WriterAt that grows.
type memory struct {
	mu   sync.Mutex
	data []byte // guarded by mu
}

func (m *memory) WriteAt(p []byte, at int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if end := int(at) + len(p); end > len(m.data) {
		m.data = append(m.data, make([]byte, end-len(m.data))...)
	}
	return copy(m.data[at:], p), nil
}

// download returns what comes, if as much comes as is told.
func download(t *testing.T, at storage.CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle) (string, error) {
	t.Helper()
	var into memory
	n, err := storage.DownloadState(t.Context(), at, handle, &into)
	if err == nil && n != int64(len(into.data)) {
		t.Errorf("%d bytes came, %d are told", len(into.data), n)
	}
	if err != nil && n != 0 {
		t.Errorf("%d bytes of an error: %v", n, err)
	}
	return string(into.data), err
}

// All of every kind of handle comes, however the store brings it.
func TestDownloading(t *testing.T) {
	store, text := digits(t, 5000)
	putText(t, store, "j/shared/big", text+"more")
	putText(t, store, "j/chk-1/empty", "")
	many := &pieces{distant: store, size: 77, loses: -1}
	for name, test := range map[string]struct {
		handle checkpoint.StreamStateHandle
		want   string
		asked  int32
	}{
		"inline":          {&checkpoint.ByteStreamStateHandle{Data: []byte("abc")}, "abc", 0},
		"inline, empty":   {&checkpoint.ByteStreamStateHandle{}, "", 0},
		"relative":        {relative("data", 5000), text, 1},
		"absolute":        {file("far://b/j/shared/big", 5004), text + "more", 1},
		"of no size":      {file("far://b/j/shared/big", -1), text + "more", 1},
		"longer":          {file("far://b/j/shared/big", 17), text + "more", 1}, // as OpenState has it
		"an empty file":   {relative("empty", 0), "", 1},
		"segment":         {segment("far://b/j/shared/big", 1000, 4000), text[1000:5000], 1},
		"empty segment":   {segment("far://b/j/shared/big", 1000, 0), "", 0},
		"no file at all":  {&checkpoint.EmptySegmentFileStateHandle{}, "", 0},
		"key groups":      {&checkpoint.KeyGroupsStateHandle{Delegate: relative("data", 5000)}, text, 1},
		"changelog, less": {file("far://b/j/dstl/data", 4999), text, 1},
		"changelog, more": {file("far://b/j/dstl/data", 9999), text, 1},
	} {
		at := resolve(t, over(t, many), "far://b/j/chk-1")
		for way, at := range map[string]storage.CompletedCheckpointStorageLocation{
			"in pieces": at, "as one": resolve(t, over(t, store), "far://b/j/chk-1"), "by a stream": rangeless{at},
		} {
			many.calls.Store(0)
			if got, err := download(t, at, test.handle); err != nil || got != test.want {
				t.Errorf("%s %s: %d bytes, want %d; %v", name, way, len(got), len(test.want), err)
			}
			if asked := many.calls.Load(); way == "in pieces" && asked != test.asked {
				t.Errorf("%s: %d downloads", name, asked)
			}
		}
	}
}

// A piece that does not come leaves zeroes in a file, and nobody would notice.
func TestADownloadWithAGapIsTold(t *testing.T) {
	store, _ := digits(t, 5000)
	for _, handle := range []checkpoint.StreamStateHandle{relative("data", 5000), file("far://b/j/dstl/data", 17), segment("far://b/j/chk-1/data", 0, 5000), relative("data", -1)} {
		for _, size := range []int64{100, 2500, 4999} {
			for loses := int64(0); loses < 5000; loses += size {
				at := resolve(t, over(t, &pieces{distant: store, size: size, loses: loses}), "far://b/j/chk-1")
				if _, err := download(t, at, handle); !errors.Is(err, storage.ErrTruncated) || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), `"far://b/j/`) {
					t.Fatalf("%T of pieces of %d without that at %d: %v", handle, size, loses, err)
				}
			}
		}
	}
}

// So is one that a wrapper around the store makes, which says that all was written.
func TestADownloadThatAWrapperCutsIsTold(t *testing.T) {
	store, _ := digits(t, 5000)
	plan, err := fault.Parse("receive & nth(1): truncate")
	must(t, err)
	cut := fault.Guard(t, fault.Wrap(&pieces{distant: store, size: 500, loses: -1}, plan))
	at := resolve(t, over(t, cut), "far://b/j/chk-1")
	if _, err := download(t, at, relative("data", 5000)); !errors.Is(err, storage.ErrTruncated) {
		t.Errorf("%v", err)
	}
}

// A stream that ends early is one, too.
func TestADownloadThatEndsEarlyIsTold(t *testing.T) {
	p := stateStore(t)
	location := resolve(t, newStorage(t, p, nil), "s3://b/job/chk-7")
	for _, told := range []int64{10, -1} {
		p.reader = func(_ context.Context, r backend.Reader) backend.Reader {
			return altered{r, io.LimitReader(r, 4), told}
		}
		for _, handle := range []checkpoint.StreamStateHandle{relative("data", 10), segment("s3://b/job/taskowned/t", 2, 7)} {
			if got, err := download(t, location, handle); got[4:] != "" || !errors.Is(err, storage.ErrTruncated) || !strings.Contains(err.Error(), "the first 4 ") {
				t.Errorf("%q, %v", got, err)
			}
		}
	}
}

// A download that fails says so as it is, whoever failed.
func TestDownloadsThatFail(t *testing.T) {
	store, _ := digits(t, 5000)
	at := resolve(t, over(t, &pieces{distant: store, size: 77, loses: -1}), "far://b/j/chk-1")
	if _, err := storage.DownloadState(t.Context(), at, relative("data", 5000), full{}); !errors.Is(err, errBroken) || errors.Is(err, storage.ErrTruncated) {
		t.Errorf("into a disk that is full: %v", err)
	}
	if _, err := storage.DownloadState(t.Context(), at, &checkpoint.ByteStreamStateHandle{Data: []byte("abc")}, full{}); !errors.Is(err, errBroken) {
		t.Errorf("inline state into a disk that is full: %v", err)
	}
	if _, err := storage.DownloadState(t.Context(), rangeless{at}, relative("data", 5000), full{}); !errors.Is(err, errBroken) {
		t.Errorf("a stream into a disk that is full: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errBroken)
	if _, err := storage.DownloadState(ctx, at, relative("data", 5000), new(memory)); !errors.Is(err, errBroken) && !errors.Is(err, context.Canceled) {
		t.Errorf("after the context ended: %v", err)
	}
}

type full struct{}

func (full) WriteAt([]byte, int64) (int, error) { return 0, errBroken }

// A thousand subtasks that restore at once do not open a thousand connections.
func TestDownloadsQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, text := digits(t, 5000)
		store.latency = time.Second
		counted := &counting{distant: store}
		var registry backend.Registry
		registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return counted, nil }, "far")
		s, err := storage.New(&registry, &storage.Options{StateRequests: 3})
		must(t, err)
		at := resolve(t, s, "far://b/j/chk-1")
		_, err = at.ReadMetadata(t.Context())
		must(t, err)
		begin := time.Now()
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				if got, err := download(t, at, relative("data", 5000)); err != nil || got != text {
					t.Errorf("%d bytes, %v", len(got), err)
				}
			})
		}
		all.Wait()
		if took := time.Since(begin); counted.most != 3 || took != 10*time.Second {
			t.Errorf("%d downloads ran at once, and all took %v", counted.most, took)
		}
		must(t, at.Close())
		must(t, s.Close())
	})
}

// TestFilesComeBackFromDisk is what an embedded database does: its files go to a
// checkpoint, and with another job's first breath they are files again.
func TestFilesComeBackFromDisk(t *testing.T) {
	s := newLocalStorage(t, nil)
	a, err := s.CreateCheckpointStorage(t.Context(), job(), t.TempDir(), nil)
	must(t, err)
	l := locationOf(t, a, 8)
	here, there := t.TempDir(), t.TempDir()
	handles := make(map[string]checkpoint.StreamStateHandle)
	for i, name := range []string{"000007.sst", "000009.sst", "MANIFEST-000004", "CURRENT"} {
		must(t, os.WriteFile(filepath.Join(here, name), pattern(sizes()[3-i]), 0o666))
		handles[name], err = upload(t.Context(), l.CheckpointStreamFactory, filepath.Join(here, name))
		must(t, err)
	}
	completed, err := publish(t, t.Context(), l, "metadata")
	must(t, err)
	must(t, os.RemoveAll(here))
	at := resolve(t, s, completed.ExternalPointer())
	for name, handle := range handles {
		n, err := restoreFile(t.Context(), at, handle, filepath.Join(there, name))
		must(t, err)
		got, err := os.ReadFile(filepath.Join(there, name))
		must(t, err)
		if string(got) != string(pattern(int(n))) || n != handle.StateSize() {
			t.Errorf("%s came back with %d bytes as another", name, len(got))
		}
	}
}
