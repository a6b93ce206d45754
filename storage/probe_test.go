package storage_test

import (
	"context"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// probe is a store that counts what is asked of it, takes its time to answer, and
// fails where a test says.
type probe struct {
	backend.Backend
	latency time.Duration
	fail    map[string]error                                     // by "open key"
	reader  func(context.Context, backend.Reader) backend.Reader // wraps what Open gives

	mu    sync.Mutex
	asked []string // guarded by mu
	roots []backend.Root
	shut  int
	alive int // readers that are not closed
}

// opener is the backend.Opener that always gives the probe.
func (p *probe) opener(_ context.Context, root backend.Root) (backend.Backend, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roots = append(p.roots, root)
	return p, p.fail["opener"]
}

func (p *probe) ask(ctx context.Context, op, key string) error {
	p.mu.Lock()
	p.asked = append(p.asked, op+" "+key)
	p.mu.Unlock()
	select {
	case <-time.After(p.latency):
	case <-ctx.Done():
		return ctx.Err()
	}
	return p.fail[op+" "+key]
}

func (p *probe) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if err := p.ask(ctx, "open", key); err != nil {
		return nil, err
	}
	r, err := p.Backend.Open(ctx, key, opts)
	if err != nil {
		return nil, err
	}
	if p.reader != nil {
		r = p.reader(ctx, r)
	}
	p.count(+1)
	return &countedReader{r, func() { p.count(-1) }}, nil
}

func (p *probe) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		if err := p.ask(ctx, "list", prefix); err != nil {
			yield(backend.Info{}, err)
			return
		}
		p.Backend.List(ctx, prefix)(yield)
	}
}

func (p *probe) Stat(ctx context.Context, key string) (backend.Info, error) {
	if err := p.ask(ctx, "stat", key); err != nil {
		return backend.Info{}, err
	}
	return p.Backend.Stat(ctx, key)
}

func (p *probe) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut++
	return nil
}

func (p *probe) count(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alive += n
}

// requests returns what was asked since the last call, in order of the alphabet
// because some was asked at once.
func (p *probe) requests() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked := p.asked
	p.asked = nil
	slices.Sort(asked)
	return strings.Join(asked, ", ")
}

type countedReader struct {
	backend.Reader
	closed func()
}

func (r *countedReader) Close() error {
	r.closed()
	return r.Reader.Close()
}

// newProbe returns a store that holds each key with its own name as content.
func newProbe(t *testing.T, keys ...string) *probe {
	t.Helper()
	p := &probe{Backend: new(mem.Backend), fail: make(map[string]error)}
	for _, key := range keys {
		p.put(t, key, "<"+key+">")
	}
	t.Cleanup(func() {
		if p.alive != 0 {
			t.Errorf("%d more readers were opened than closed", p.alive)
		}
	})
	return p
}

func (p *probe) put(t *testing.T, key, content string) {
	t.Helper()
	w, err := p.Create(context.Background(), key, nil)
	must(t, err)
	defer w.Close()
	_, err = io.WriteString(w, content)
	must(t, err)
	must(t, w.Commit())
}

// newStorage returns a storage in which s3 and its aliases are the probe.
func newStorage(t *testing.T, p *probe, opts *storage.Options) *storage.BackendStorage {
	t.Helper()
	var registry backend.Registry
	registry.Register(p.opener, "s3", "s3a", "s3n", "s3p")
	registry.Register(p.opener, "file")
	s, err := storage.New(&registry, opts)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func resolve(t *testing.T, s storage.CheckpointStorage, pointer string) storage.CompletedCheckpointStorageLocation {
	t.Helper()
	location, err := s.ResolveCheckpoint(t.Context(), pointer)
	must(t, err)
	t.Cleanup(func() { must(t, location.Close()) })
	return location
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drain reads and closes.
func drain(t *testing.T, r io.ReadCloser, err error) string {
	t.Helper()
	must(t, err)
	data, err := io.ReadAll(r)
	must(t, err)
	must(t, r.Close())
	return string(data)
}
