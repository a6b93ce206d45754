package twophase_test

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// Each seed is a job that dies again and again, at any step of the world or between
// them, and goes on from its latest checkpoint at another parallelism. Notifications get
// lost, checkpoints are abandoned. In the end every number can be seen once.
func TestExactlyOnce(t *testing.T) {
	deaths, checkpoints := 0, 0
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		w := newWorld()
		l := &life{t: t, world: w, stable: newStable(t), random: random}
		w.crash = func(string) error {
			if random.IntN(60) == 0 {
				return errCrash
			}
			return nil
		}
		for l.deaths < 12 {
			l.live()
		}
		w.crash = func(string) error { return nil }
		l.end()
		deaths += l.deaths
		checkpoints += int(l.id)
		if len(w.pending) != 0 {
			t.Fatalf("seed %d: %d transactions are left", seed, len(w.pending))
		}
		for n := range l.latest.next {
			if w.visible[n] != 1 {
				t.Fatalf("seed %d: %d can be seen %d times", seed, n, w.visible[n])
			}
		}
		if len(w.visible) != l.latest.next {
			t.Fatalf("seed %d: %d numbers can be seen, of %d", seed, len(w.visible), l.latest.next)
		}
	}
	t.Logf("%d deaths, %d checkpoints", deaths, checkpoints)
}

type life struct {
	t      *testing.T
	world  *world
	stable *stable
	random *rand.Rand
	latest *saved
	id     int64
	deaths int
}

// live is from a start to a death.
func (l *life) live() {
	err := l.run()
	if !errors.Is(err, errCrash) {
		l.t.Fatal(err)
	}
	l.deaths++
}

func (l *life) run() error {
	r, err := l.stable.start(l.t, l.world, l.latest, int32(1+l.random.IntN(4)))
	if err != nil {
		return err
	}
	for {
		if err := l.act(r); err != nil {
			return err
		}
	}
}

func (l *life) act(r *running) error {
	if l.random.IntN(4) > 0 {
		return r.write(l.t.Context())
	}
	l.id++
	cp, err := r.snapshot(l.t, l.stable, l.id)
	if err != nil || l.random.IntN(4) == 0 { // abandoned: nobody completes it
		return err
	}
	l.latest = cp
	for _, sink := range r.sinks {
		if l.random.IntN(4) == 0 {
			continue // the notification is lost
		}
		if err := sink.CheckpointComplete(l.t.Context(), cp.id); err != nil {
			return err
		}
	}
	return nil
}

// end takes a last checkpoint, of which everybody hears.
func (l *life) end() {
	r, err := l.stable.start(l.t, l.world, l.latest, 3)
	must(l.t, err)
	for range 20 {
		must(l.t, r.write(l.t.Context()))
	}
	l.id++
	l.latest, err = r.snapshot(l.t, l.stable, l.id)
	must(l.t, err)
	for _, sink := range r.sinks {
		must(l.t, sink.CheckpointComplete(l.t.Context(), l.id))
		must(l.t, sink.Close())
	}
}

// A commit that fails is told, and comes again with the next checkpoint.
func TestCommitsThatFailAreRepeated(t *testing.T) {
	w := newWorld()
	s := newStable(t)
	r, err := s.start(t, w, nil, 1)
	must(t, err)
	must(t, r.write(t.Context()))
	_, err = r.snapshot(t, s, 1)
	must(t, err)
	w.crash = func(step string) error {
		if step == "commit not done" {
			return errCrash
		}
		return nil
	}
	if err := r.sinks[0].CheckpointComplete(t.Context(), 1); !errors.Is(err, errCrash) {
		t.Fatalf("%v", err)
	}
	w.crash = func(string) error { return nil }
	must(t, r.sinks[0].CheckpointComplete(t.Context(), 2))
	if w.visible[0] != 1 {
		t.Errorf("seen %d times", w.visible[0])
	}
}

// Close aborts what nobody could find again.
func TestCloseAbortsTheOpenTransaction(t *testing.T) {
	w := newWorld()
	s := newStable(t)
	r, err := s.start(t, w, nil, 1)
	must(t, err)
	must(t, r.write(t.Context()))
	must(t, r.sinks[0].Close())
	must(t, r.sinks[0].Close())
	if len(w.pending) != 0 || len(w.visible) != 0 {
		t.Errorf("%d transactions are left, and %d numbers can be seen", len(w.pending), len(w.visible))
	}
}
