package state_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/task/state"
)

// Keys are in the key groups in which Flink has them: values from its own classes.
func TestKeyGroupsAreFlinks(t *testing.T) {
	for key, want := range map[string]int32{"a": 81, "hello": 35, "user-1": 121, "user-2": 22, "flink": 98, "": 94} {
		if got := state.StringKey().Group(key, 128); got != want {
			t.Errorf("%q is in %d, want %d", key, got, want)
		}
	}
	for key, want := range map[int64]int32{0: 94, -1: 94, 1: 86, 1 << 32: 86, 2: 127, 42: 29} {
		if got := state.Int64Key().Group(key, 128); got != want {
			t.Errorf("Long %d is in %d, want %d", key, got, want)
		}
	}
	for key, want := range map[int32]int32{0: 94, -1: 80, 1<<31 - 1: 62, -1 << 31: 108} {
		if got := state.Int32Key().Group(key, 128); got != want {
			t.Errorf("Integer %d is in %d, want %d", key, got, want)
		}
	}
}

// A key of another subtask must not get state here, where no restore would find it.
func TestForeignKeysAreRefused(t *testing.T) {
	s := declare(t, subtasks(2)[0])
	for n := range 100 {
		word := string(rune('a' + n))
		foreign := !checkpoint.KeyGroups(0, 7).Contains(state.StringKey().Group(word, maxParallelism))
		if got := refused(func() { s.counts.Put(word, 1) }); got != foreign {
			t.Errorf("%q: refused is %v, want %v", word, got, foreign)
		}
	}
}

func refused(put func()) (refused bool) {
	defer func() { _, refused = recover().(*state.ForeignKeyError) }()
	put()
	return false
}

func TestDeclaringTwice(t *testing.T) {
	b := subtasks(1)[0]
	declare(t, b)
	if _, err := state.Keyed(b, "counts", state.StringKey(), state.Int64()); !errors.Is(err, state.ErrDeclared) {
		t.Errorf("keyed: %v", err)
	}
	if _, err := state.List(b, "split", checkpoint.Union, state.Int64()); !errors.Is(err, state.ErrDeclared) {
		t.Errorf("list: %v", err)
	}
}

// State that was written in another way is not taken for something else.
func TestOtherCodecsModesAndKeysAreNoticed(t *testing.T) {
	w := inMemory(t)
	old := subtasks(1)
	fill(t, old)
	op := w.write(t, old)
	at := w.at(t)
	fresh := func() *state.Backend { return restored(t, at, op, 1)[0] }
	if _, err := state.Keyed(fresh(), "names", state.Int32Key(), state.Int64()); err == nil {
		t.Error("text was read as numbers")
	}
	if _, err := state.Keyed(fresh(), "names", state.Key[int32]{HashCode: func(int32) int32 { return 1 }, Codec: state.Int32Key().Codec}, state.JSON[string]()); err == nil {
		t.Error("keys are hashed otherwise now, and would never be found")
	}
	if _, err := state.List(fresh(), "split", checkpoint.Union, state.Int64()); err == nil {
		t.Error("a split list was read as a union")
	}
	if _, err := state.List[string](fresh(), "split", checkpoint.SplitDistribute, nil); err == nil {
		t.Error("8 bytes were read as JSON")
	}
}

// A flipped bit anywhere is noticed before a wrong value is used.
func TestDamageIsNoticed(t *testing.T) {
	w := inMemory(t)
	old := subtasks(1)
	fill(t, old)
	op := w.write(t, old)
	at := w.at(t)
	for _, key := range w.keys(t) {
		original := read(t, w.store, key)
		for i := 0; i < len(original); i += 7 {
			damaged := bytes.Clone(original)
			damaged[i] ^= 4
			write(t, w.store, key, damaged)
			from := &restore.OperatorRestore{ManagedKeyedState: []checkpoint.KeyedStateHandle{op.Subtasks[0].State.ManagedKeyedState}}
			err := subtasks(1)[0].Restore(t.Context(), at, from)
			if isKeyed := key == keyOf(op); isKeyed && !errors.Is(err, state.ErrDamaged) {
				t.Fatalf("bit %d of %s: %v", i, key, err)
			}
		}
		write(t, w.store, key, original)
	}
}

func keyOf(op checkpoint.OperatorState) string {
	delegate := op.Subtasks[0].State.ManagedKeyedState.(*checkpoint.KeyGroupsStateHandle).Delegate
	return "ck/01000000000000000000000000000000/chk-1/" + delegate.(*checkpoint.RelativeFileStateHandle).RelativePath
}

func read(t *testing.T, store backend.Backend, key string) []byte {
	t.Helper()
	r, err := store.Open(t.Context(), key, nil)
	must(t, err)
	defer r.Close()
	data, err := io.ReadAll(r)
	must(t, err)
	return data
}

func write(t *testing.T, store backend.Backend, key string, data []byte) {
	t.Helper()
	writer, err := store.Create(t.Context(), key, nil)
	must(t, err)
	defer writer.Close()
	_, err = writer.Write(data)
	must(t, err)
	must(t, writer.Commit())
}

func TestForeignStateIsRefused(t *testing.T) {
	w := inMemory(t)
	incremental := &restore.OperatorRestore{ManagedKeyedState: []checkpoint.KeyedStateHandle{&checkpoint.IncrementalRemoteKeyedStateHandle{}}}
	if err := subtasks(1)[0].Restore(t.Context(), w.at(t), incremental); !errors.Is(err, state.ErrForeignState) {
		t.Errorf("RocksDB's state: %v", err)
	}
}

// What JSON would lose without a word is refused before there is any state.
func TestFieldsThatJSONDoesNotSee(t *testing.T) {
	type bad struct{ count int64 } //nolint:unused // nobody uses what JSON loses
	type good struct {
		Count int64
		At    time.Time // has fields of its own, and encodes itself
		Next  *good
	}
	if _, err := state.List[map[string][]*bad](subtasks(1)[0], "bad", checkpoint.Union, nil); err == nil || !strings.Contains(err.Error(), "bad.count") {
		t.Errorf("%v; want it to name the field", err)
	}
	if _, err := state.Keyed[string, bad](subtasks(1)[0], "bad", state.StringKey(), nil); err == nil {
		t.Error("values with hidden fields were accepted")
	}
	if _, err := state.Keyed[string, good](subtasks(1)[0], "good", state.StringKey(), nil); err != nil {
		t.Error(err)
	}
}
