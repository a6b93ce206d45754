package state_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task/state"
)

// stateful is one subtask with all kinds of state.
type stateful struct {
	counts                 *state.KeyedState[string, int64]
	names                  *state.KeyedState[int32, string]
	split, union, announce *state.ListState[int64]
}

func declare(t *testing.T, b *state.Backend) stateful {
	t.Helper()
	var s stateful
	var err error
	s.counts, err = state.Keyed(b, "counts", state.StringKey(), state.Int64())
	must(t, err)
	s.names, err = state.Keyed[int32, string](b, "names", state.Int32Key(), nil)
	must(t, err)
	s.split, err = state.List(b, "split", checkpoint.SplitDistribute, state.Int64())
	must(t, err)
	s.union, err = state.List(b, "union", checkpoint.Union, state.Int64())
	must(t, err)
	s.announce, err = state.List[int64](b, "announce", checkpoint.Broadcast, nil)
	must(t, err)
	return s
}

// fill gives each of 200 keys to its subtask, and 10 elements to each list.
func fill(t *testing.T, backends []*state.Backend) {
	t.Helper()
	for i, b := range backends {
		s := declare(t, b)
		for n := range int32(200) {
			word := fmt.Sprintf("word-%d", n)
			if b.KeyGroups().Contains(state.StringKey().Group(word, maxParallelism)) {
				s.counts.Put(word, int64(n))
			}
			if b.KeyGroups().Contains(state.Int32Key().Group(n, maxParallelism)) {
				s.names.Put(n, word)
			}
		}
		for n := range int64(10) {
			if int(n)%len(backends) == i {
				s.split.Add(n)
				s.union.Add(n)
			}
			s.announce.Add(n)
		}
	}
}

// check looks for all that fill wrote.
func check(t *testing.T, backends []*state.Backend) {
	t.Helper()
	counts, names := map[string]int64{}, map[int32]string{}
	var split []int64
	for i, b := range backends {
		s := declare(t, b)
		maps.Insert(counts, s.counts.All())
		maps.Insert(names, s.names.All())
		split = append(split, s.split.Values()...)
		if got := slices.Sorted(slices.Values(s.union.Values())); !slices.Equal(got, ten()) {
			t.Errorf("subtask %d has of the union %v", i, got)
		}
		if got := s.announce.Values(); !slices.Equal(got, ten()) {
			t.Errorf("subtask %d has of the broadcast %v", i, got)
		}
	}
	if slices.Sort(split); !slices.Equal(split, ten()) {
		t.Errorf("all subtasks together have of the split list %v", split)
	}
	if len(counts) != 200 || len(names) != 200 || counts["word-7"] != 7 || names[7] != "word-7" {
		t.Errorf("%d counts and %d names came back; want 200 each", len(counts), len(names))
	}
}

func ten() []int64 { return []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9} }

// All state finds its subtask, from any parallelism to any.
func TestRescaling(t *testing.T) {
	for from := int32(1); from <= 5; from++ {
		w := inMemory(t)
		old := subtasks(from)
		fill(t, old)
		op := w.write(t, old)
		at := w.at(t)
		for to := int32(1); to <= 7; to++ {
			t.Run(fmt.Sprintf("%d to %d", from, to), func(t *testing.T) { check(t, restored(t, at, op, to)) })
		}
	}
}

// A program that does not know a state any more hands it on.
func TestStateThatNobodyDeclaresIsKept(t *testing.T) {
	w := inMemory(t)
	old := subtasks(3)
	fill(t, old)
	op := w.write(t, old)
	at := w.at(t)
	between := restored(t, at, op, 2)
	for _, b := range between {
		_, err := state.Keyed(b, "new", state.StringKey(), state.Int64())
		must(t, err)
	}
	check(t, restored(t, at, w.write(t, between), 4))
}

func TestEmptyStateIsNone(t *testing.T) {
	w := inMemory(t)
	b := subtasks(1)[0]
	declare(t, b)
	written, err := b.Snapshot().Write(t.Context(), w.streams(t), checkpoint.CheckpointType)
	if written != nil || err != nil || len(w.keys(t)) != 0 {
		t.Errorf("%v, %v and files %v; want nothing", written, err, w.keys(t))
	}
}

// What a handle says it is depends on what was asked for, not on what is in it.
func TestSavepoints(t *testing.T) {
	w := inMemory(t)
	b := subtasks(1)
	fill(t, b)
	written, err := b[0].Snapshot().Write(t.Context(), w.streams(t), checkpoint.SavepointType(checkpoint.Canonical, checkpoint.ActionNone))
	must(t, err)
	if keyed := written.ManagedKeyedState.(*checkpoint.KeyGroupsStateHandle); keyed.Encoding != checkpoint.KeyGroupsSavepoint || keyed.HandleID != "" {
		t.Errorf("a canonical savepoint has %+v", keyed)
	}
}
