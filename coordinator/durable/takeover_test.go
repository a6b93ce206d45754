package durable_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// Whatever the old leader does next, it has no effect, and is told who leads.
func TestTheOldLeaderIsFencedAtEveryWrite(t *testing.T) {
	ctx := context.Background()
	writes := map[string]func(*durable.Store, *completed.Checkpoint) error{
		"take an id": func(s *durable.Store, _ *completed.Checkpoint) error {
			_, err := s.IDCounter().GetAndIncrement(ctx)
			return err
		},
		"set the count": func(s *durable.Store, _ *completed.Checkpoint) error { return s.IDCounter().SetCount(ctx, 99) },
		"add": func(s *durable.Store, c *completed.Checkpoint) error {
			subsumed, err := s.Add(ctx, c)
			if len(subsumed) > 0 {
				return fmt.Errorf("it gives up %s", ids(subsumed))
			}
			return err
		},
		"begin a savepoint": func(s *durable.Store, _ *completed.Checkpoint) error {
			return s.Started(ctx, completed.Leftover{ID: 2, Directory: "far://b/sp/savepoint-x", Savepoint: true})
		},
		"complete a savepoint": func(s *durable.Store, _ *completed.Checkpoint) error { return s.Completed(ctx, 2) },
		"recover":              func(s *durable.Store, _ *completed.Checkpoint) error { return s.Recover(ctx) },
		"end the job": func(s *durable.Store, _ *completed.Checkpoint) error {
			discard, retain, err := s.Shutdown(ctx, completed.Finished)
			if len(discard)+len(retain) > 0 {
				return fmt.Errorf("it gives up %s, and leaves %s", ids(discard), ids(retain))
			}
			return err
		},
	}
	for kind := range stores(t) {
		for name, write := range writes {
			t.Run(kind+"/"+name, func(t *testing.T) {
				b := stores(t)[kind]
				old := leading(t, b, "the old one")
				_, err := old.Add(t.Context(), published(t, b, take(t, old)))
				must(t, err)
				late := published(t, b, take(t, old))
				next := leading(t, b, "the new one")
				before := state(t, b)

				fenced(t, name, write(old, late), "the new one leads since")
				for again, write := range writes { // and for good
					fenced(t, again, write(old, late), "the new one leads since")
				}
				if _, err := old.IDCounter().Get(t.Context()); !errors.Is(err, completed.ErrFenced) {
					t.Errorf("it tells an id: %v", err)
				}
				if after := state(t, b); fmt.Sprint(before) != fmt.Sprint(after) {
					t.Errorf("the record was\n%v\nand is\n%v", before, after)
				}
				if id := take(t, next); id != 3 {
					t.Errorf("the new one takes %d", id)
				}
			})
		}
	}
}

// A leader that ended its job and slept must not take the record of the next away.
func TestTheOldLeaderIsFencedWhenItConcludes(t *testing.T) {
	for name, b := range stores(t) {
		t.Run(name, func(t *testing.T) {
			old := leading(t, b, "old")
			_, _, err := old.Shutdown(t.Context(), completed.Finished)
			must(t, err)
			next := leading(t, b, "new")
			fenced(t, "conclude", old.Conclude(t.Context()), "new")
			take(t, next)
		})
	}
}

func TestWhoeverFindsNoRecordIsFenced(t *testing.T) {
	var b mem.Backend
	s := leading(t, &b, "")
	must(t, b.Delete(t.Context(), recordKey))
	if _, err := s.IDCounter().GetAndIncrement(t.Context()); !errors.Is(err, completed.ErrFenced) || !strings.Contains(err.Error(), "record is gone") {
		t.Errorf("took an id: %v", err)
	}
}

// gate lets nobody go on who has read the key, before all have.
type gate struct {
	backend.Backend
	key  string
	all  *sync.WaitGroup
	once sync.Once
}

func (g *gate) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	r, err := g.Backend.Open(ctx, key, opts)
	if key == g.key {
		g.once.Do(func() {
			g.all.Done()
			g.all.Wait()
		})
	}
	return r, err
}

func (g *gate) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	return backend.Swap(ctx, g.Backend, key, old, data)
}

func (g *gate) Limits() backend.Limits { return backend.LimitsOf(g.Backend) }

func TestOfManyWhoTakeOverAtOnceOneSucceeds(t *testing.T) {
	for name, key := range map[string]string{
		"swapping, after nobody": recordKey, "swapping, after another": recordKey,
		"swapless, after nobody": recordKey, "swapless, after another": recordKey + ".d/00000000000000000002",
	} {
		t.Run(name, func(t *testing.T) {
			var b backend.Backend = new(mem.Backend)
			if strings.HasPrefix(name, "swapless") {
				b = swapless{b}
			}
			if strings.HasSuffix(name, "another") {
				take(t, leading(t, b, "another"))
			}
			const many = 16
			var all sync.WaitGroup
			all.Add(many)
			errs := make(chan error, many)
			for range many {
				a := accessTo(t, &gate{Backend: b, key: key, all: &all})
				go func() {
					_, err := durable.Open(t.Context(), a, nil)
					errs <- err
				}()
			}
			won := 0
			for range many {
				switch err := <-errs; {
				case err == nil:
					won++
				case !errors.Is(err, completed.ErrFenced):
					t.Errorf("another error than ErrFenced: %v", err)
				}
			}
			if won != 1 {
				t.Errorf("%d lead", won)
			}
		})
	}
}

// A leader that works while another takes over delays that one, and no more.
func TestALeaderIsTakenOverInTheMiddleOfItsWork(t *testing.T) {
	var b mem.Backend
	old := leading(t, &b, "old")
	busy := &busyBackend{Backend: &b, before: func(key string, n int) {
		if strings.HasSuffix(key, "_coordinator") && n <= 5 {
			take(t, old)
		}
	}}
	s, err := durable.Open(t.Context(), accessTo(t, busy), nil)
	must(t, err)
	if id := take(t, s); id != 6 {
		t.Errorf("id %d, want 6, after the five of the old leader", id)
	}
	busy = &busyBackend{Backend: &b, before: func(string, int) { take(t, s) }}
	if _, err := durable.Open(t.Context(), accessTo(t, busy), nil); err == nil || !strings.Contains(err.Error(), "end that one first") {
		t.Errorf("took over from one who never rests: %v", err)
	}
}

// busyBackend has something happen before each swap.
type busyBackend struct {
	*mem.Backend
	before func(key string, n int)
	n      int
}

func (b *busyBackend) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	b.n++
	b.before(key, b.n)
	return b.Backend.Swap(ctx, key, old, data)
}

// TestIDsNeverRepeat lets leaders come and go by a seed; those that were overtaken go on
// as if nothing had happened.
func TestIDsNeverRepeat(t *testing.T) {
	for seed := range uint64(100) {
		for name, b := range map[string]backend.Backend{"swapping": new(mem.Backend), "swapless": swapless{new(mem.Backend)}} {
			random := rand.New(rand.NewPCG(seed, 0))
			var leaders []*durable.Store
			handed := make(map[int64]bool)
			for range 60 {
				if len(leaders) == 0 || random.IntN(8) == 0 {
					leaders = append(leaders, leading(t, b, ""))
				}
				s := leaders[random.IntN(len(leaders))]
				id, err := s.IDCounter().GetAndIncrement(t.Context())
				switch latest := s == leaders[len(leaders)-1]; {
				case latest != (err == nil):
					t.Fatalf("seed %d, %s: it leads: %t, and takes an id: %v", seed, name, latest, err)
				case err == nil && handed[id]:
					t.Fatalf("seed %d, %s: id %d was handed out twice", seed, name, id)
				case err == nil:
					handed[id] = true
				}
				if random.IntN(4) == 0 {
					_ = s.IDCounter().SetCount(t.Context(), random.Int64N(100))
				}
			}
		}
	}
}

func TestRecordsThatAreRefused(t *testing.T) {
	good := func(t *testing.T) (*mem.Backend, []byte) {
		b := new(mem.Backend)
		take(t, leading(t, b, ""))
		r, err := b.Open(t.Context(), recordKey, nil)
		must(t, err)
		data, err := io.ReadAll(r)
		must(t, err)
		return b, data
	}
	for name, test := range map[string]struct {
		spoil func(string) string
		want  error
		says  string
	}{
		"a bit flipped":  {func(s string) string { return strings.Replace(s, `"next": 2`, `"next": 3`, 1) }, durable.ErrCorrupt, "bring back the file"},
		"cut off":        {func(s string) string { return s[:len(s)/2] }, durable.ErrCorrupt, "bring back the file"},
		"empty":          {func(string) string { return "" }, durable.ErrCorrupt, "bring back the file"},
		"something else": {func(string) string { return `{"format":"diary"}` }, durable.ErrCorrupt, "no format"},
		"a newer one":    {func(s string) string { return strings.Replace(s, `"version": 1`, `"version": 2`, 1) }, durable.ErrVersion, "newer"},
		"endless":        {func(string) string { return strings.Repeat(" ", storage.MaxRecordSize+1) }, storage.ErrRecordTooLarge, "not ours"},
	} {
		t.Run(name, func(t *testing.T) {
			b, data := good(t)
			w, err := b.Create(t.Context(), recordKey, nil)
			must(t, err)
			_, err = io.WriteString(w, test.spoil(string(data)))
			must(t, err)
			must(t, w.Commit())
			_, err = durable.Open(t.Context(), accessTo(t, b), nil)
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), recordKey) {
				t.Errorf("opened: %v; want %v, saying %q, and naming the file", err, test.want, test.says)
			}
		})
	}
}
