package state_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/state"
)

// Snapshots hold what was there when they were taken, whatever happens afterwards, in
// whatever order they are written, or are not.
func TestSnapshotsAreOfTheirTime(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		w := inMemory(t)
		at := w.at(t)
		b := subtasks(1)[0]
		s := declare(t, b)
		now := map[string]int64{}
		type taken struct {
			*state.Snapshot
			then map[string]int64
		}
		var open []taken
		for range 300 {
			key := fmt.Sprint("key-", random.IntN(20))
			switch action := random.IntN(12); {
			case action < 6:
				now[key] = random.Int64()
				s.counts.Put(key, now[key])
			case action < 9:
				delete(now, key)
				s.counts.Delete(key)
			case action == 9:
				open = append(open, taken{b.Snapshot(), maps.Clone(now)})
			case action == 10 && len(open) > 0:
				i := random.IntN(len(open))
				one := open[i]
				open = append(open[:i], open[i+1:]...)
				if random.IntN(3) == 0 {
					one.Release()
					break
				}
				written, err := one.Write(t.Context(), w.streams(t), checkpoint.CheckpointType)
				must(t, err)
				op := checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID("op"), Parallelism: 1, MaxParallelism: maxParallelism,
					Subtasks: []checkpoint.SubtaskState{{State: written}}}
				if got := maps.Collect(declare(t, restored(t, at, op, 1)[0]).counts.All()); !maps.Equal(got, one.then) {
					t.Fatalf("seed %d: the snapshot has %v, the state had %v", seed, got, one.then)
				}
			}
			if got, ok := s.counts.Get(key); ok != contains(now, key) || got != now[key] {
				t.Fatalf("seed %d: %s is %d, %v; want %d", seed, key, got, ok, now[key])
			}
		}
		if got := maps.Collect(s.counts.All()); !maps.Equal(got, now) {
			t.Fatalf("seed %d: the state is %v, want %v", seed, got, now)
		}
	}
}

func contains(m map[string]int64, key string) bool {
	_, ok := m[key]
	return ok
}

// Records go on while state is written. The race detector has something to find here.
func TestWritingRunsBesideRecords(t *testing.T) {
	w := inMemory(t)
	b := subtasks(1)
	fill(t, b)
	op := w.write(t, b)
	at := w.at(t)
	working := restored(t, at, op, 1)[0]
	s := declare(t, working)
	for round := range int64(20) {
		snapshot := working.Snapshot()
		written := make(chan error)
		go func() {
			_, err := snapshot.Write(t.Context(), w.streams(t), checkpoint.CheckpointType)
			written <- err
		}()
		for n := range int64(100) {
			s.counts.Put(fmt.Sprintf("word-%d", n), round)
			s.split.Add(n)
		}
		must(t, <-written)
	}
}

// Whatever fails while state is written, no file of it is left.
func TestFailedWritesLeaveNothing(t *testing.T) {
	for _, recipe := range []string{
		"create & nth(1): fail(transient)", "create & nth(2): fail(transient)",
		"commit & nth(1): fail(transient)", "commit & nth(2): fail(transient)",
		"commit & nth(1): lose(reset)", "commit & nth(2): lose(reset)",
	} {
		t.Run(recipe, func(t *testing.T) {
			plan, err := fault.Parse(recipe)
			must(t, err)
			w := newWorld(t, fault.Guard(t, fault.Wrap(new(mem.Backend), plan)))
			b := subtasks(1)
			fill(t, b)
			written, err := b[0].Snapshot().Write(t.Context(), w.streams(t), checkpoint.CheckpointType)
			if written != nil || err == nil || len(w.keys(t)) != 0 {
				t.Errorf("%v, %v and files %v; want an error and nothing", written, err, w.keys(t))
			}
		})
	}
}

// A write is abandoned at the first entry that it encodes, and at one near the end.
func TestAbandonedWritesLeaveNothing(t *testing.T) {
	for _, at := range []int{1, 40} {
		w := inMemory(t)
		b := subtasks(1)[0]
		var snapshot *state.Snapshot
		encoded := 0
		long, err := state.Keyed(b, "long", state.Int32Key(), state.CodecFuncs[int32]{
			AppendFunc: func(to []byte, _ int32) ([]byte, error) {
				if encoded++; encoded == at {
					snapshot.Abandon()
				}
				return append(to, strings.Repeat("x", 1000)...), nil
			}})
		must(t, err)
		for n := range int32(40) {
			long.Put(n, n)
		}
		snapshot = b.Snapshot()
		_, err = snapshot.Write(t.Context(), w.streams(t), checkpoint.CheckpointType)
		if !errors.Is(err, state.ErrAbandoned) || len(w.keys(t)) != 0 {
			t.Errorf("%v and files %v; want it abandoned, and nothing", err, w.keys(t))
		}
	}
}

// A subtask of several operators writes one after the other, and may fail at the last.
func TestDiscard(t *testing.T) {
	w := inMemory(t)
	b := subtasks(1)
	fill(t, b)
	snapshot := b[0].Snapshot()
	_, err := snapshot.Write(t.Context(), w.streams(t), checkpoint.CheckpointType)
	must(t, err)
	if len(w.keys(t)) != 2 {
		t.Fatalf("%v were written, want two files", w.keys(t))
	}
	must(t, snapshot.Discard(t.Context()))
	if keys := w.keys(t); len(keys) != 0 {
		t.Errorf("%v are left", keys)
	}
}
