package storage_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/mem"
)

var errBroken = errors.New("broken on purpose")

func kindOf(h checkpoint.StreamStateHandle) string {
	switch h.(type) {
	case nil:
		return "nothing"
	case *checkpoint.ByteStreamStateHandle:
		return "inline"
	case *checkpoint.RelativeFileStateHandle:
		return "relative"
	case *checkpoint.FileStateHandle:
		return "absolute"
	}
	return "?"
}

func TestHandlesOfStreams(t *testing.T) {
	const threshold = 100
	tests := []struct {
		size            int
		exclusive, rest string
	}{
		{0, "nothing", "nothing"},
		{1, "inline", "inline"},
		{threshold, "inline", "inline"}, // Flink: <=
		{threshold + 1, "relative", "absolute"},
		{5000, "relative", "absolute"}, // beyond the buffer
	}
	a := access(t, new(mem.Backend), &storage.AccessOptions{InlineThreshold: threshold})
	savepoint, err := a.InitializeLocationForSavepoint(t.Context(), "far://b/sp")
	must(t, err)
	for _, test := range tests {
		for _, l := range []*storage.CheckpointStorageLocation{locationOf(t, a, 3), savepoint} {
			if got := kindOf(write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), test.size)); got != test.exclusive {
				t.Errorf("exclusive state of %d bytes is %s, want %s", test.size, got, test.exclusive)
			}
			if got := kindOf(write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.SharedState), test.size)); got != test.rest {
				t.Errorf("shared state of %d bytes is %s, want %s", test.size, got, test.rest)
			}
		}
		if got := kindOf(write(t, a.CreateTaskOwnedStateStream(t.Context()), test.size)); got != test.rest {
			t.Errorf("task-owned state of %d bytes is %s, want %s", test.size, got, test.rest)
		}
	}
}

func TestThresholds(t *testing.T) {
	for threshold, sizes := range map[int][2]int{ // the largest inline, the smallest file
		0:                          {20480, 20481},
		-1:                         {0, 1},
		storage.MaxInlineThreshold: {1 << 20, 1<<20 + 1},
	} {
		l := locationOf(t, access(t, new(mem.Backend), &storage.AccessOptions{InlineThreshold: threshold}), 3)
		inline := kindOf(write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), sizes[0]))
		file := kindOf(write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState), sizes[1]))
		if inline == "relative" || file != "relative" {
			t.Errorf("threshold %d: %d bytes are %s, %d are %s", threshold, sizes[0], inline, sizes[1], file)
		}
	}
}

// Inline handles are called what their file would have been.
func TestNamesOfInlineHandles(t *testing.T) {
	l := locationOf(t, access(t, new(mem.Backend), nil), 3)
	h := write(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.SharedState), 3).(*checkpoint.ByteStreamStateHandle)
	if got := uuids.ReplaceAllString(h.HandleName, "<uuid>"); got != "far://b/"+jobDir+"/shared/<uuid>" || len(h.Data) != 3 {
		t.Errorf("%s of %d bytes", got, len(h.Data))
	}
}

// However it is cut into writes, the state is what was written, and no write to the
// store is smaller than the buffer but the last.
func TestStreamsGatherSmallWrites(t *testing.T) {
	for _, piece := range []int{1, 7, 4095, 4096, 4097, 30000} {
		writes := 0
		store := &distant{before: func(op, _ string) error {
			if op == "write" {
				writes++
			}
			return nil
		}}
		l := locationOf(t, access(t, store, &storage.AccessOptions{InlineThreshold: 1000}), 3)
		s := l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState)
		defer s.Close()
		text := strings.Repeat("0123456789", 6000)
		for rest := text; rest != ""; rest = rest[min(piece, len(rest)):] {
			_, err := s.Write([]byte(rest[:min(piece, len(rest))]))
			must(t, err)
		}
		if s.Pos() != int64(len(text)) {
			t.Errorf("at %d of %d", s.Pos(), len(text))
		}
		handle, err := s.CloseAndGetHandle()
		must(t, err)
		completed, err := publish(t, t.Context(), l, "metadata")
		must(t, err)
		state, err := completed.OpenState(t.Context(), handle)
		if drain(t, state, err) != text || handle.StateSize() != int64(len(text)) {
			t.Errorf("in pieces of %d: the state is another", piece)
		}
		if most := len(text)/4096*2 + 2; writes > most {
			t.Errorf("in pieces of %d: %d writes to the store, %d are enough", piece, writes, most)
		}
	}
}

func TestCompletedStreamsAreClosed(t *testing.T) {
	store := new(distant)
	for _, size := range []int{1, large} {
		s := locationOf(t, access(t, store, nil), 3).CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState)
		_, err := s.Write(make([]byte, size))
		must(t, err)
		_, err = s.CloseAndGetHandle()
		must(t, err)
		if _, err := s.CloseAndGetHandle(); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("completed twice: %v", err)
		}
		if _, err := s.Write([]byte("x")); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("wrote after it was completed: %v", err)
		}
		must(t, s.Close())
	}
	if n := len(store.keys(t)); n != 1 {
		t.Errorf("%d files", n)
	}
}

func TestAbandonedStreamsLeaveNothing(t *testing.T) {
	store := new(distant)
	l := locationOf(t, access(t, store, nil), 3)
	for _, size := range []int{0, 1, large, 100 * large} {
		s := l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState)
		_, err := s.Write(make([]byte, size))
		must(t, err)
		must(t, s.Close())
		must(t, s.Close())
		if _, err := s.Write([]byte("x")); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("write after close: %v", err)
		}
		if _, err := s.CloseAndGetHandle(); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("complete after close: %v", err)
		}
	}
	if keys := store.keys(t); len(keys) > 0 {
		t.Errorf("left %v", keys)
	}
}

// A Commit that fails may have made the file. Nobody will ever know its name.
func TestFailedStreamsLeaveNothing(t *testing.T) {
	fails := func(which string) func(string, string) error {
		return func(op, _ string) error {
			if op == which {
				return errBroken
			}
			return nil
		}
	}
	for name, store := range map[string]*distant{
		"a write":             {before: fails("write")},
		"before the commit":   {before: fails("commit")},
		"the commit's answer": {after: fails("commit")},
	} {
		s := locationOf(t, access(t, store, nil), 3).CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState)
		_, err := s.Write(make([]byte, large))
		if err == nil {
			_, err = s.CloseAndGetHandle()
		} else if _, again := s.CloseAndGetHandle(); !errors.Is(again, errBroken) {
			t.Errorf("%s: a broken stream was completed: %v", name, again)
		}
		if !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "far://b/"+jobDir+"/chk-3/") {
			t.Errorf("%s: %v", name, err)
		}
		must(t, s.Close())
		if keys := store.keys(t); len(keys) > 0 {
			t.Errorf("%s: left %v", name, keys)
		}
	}
}

// Once the context has ended nothing is changed, not even to clean up.
func TestAStreamWhoseContextEndedAsksNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	store := &distant{after: func(string, string) error { cancel(); return ctx.Err() }}
	s := locationOf(t, access(t, store, nil), 3).CreateCheckpointStateOutputStream(ctx, storage.ExclusiveState)
	_, err := s.Write(make([]byte, large))
	must(t, err)
	if _, err := s.CloseAndGetHandle(); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if asked := store.requests(); len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
}

// Who cannot report a handle after all takes the state back.
func TestDiscardOfCompletedState(t *testing.T) {
	var store mem.Backend
	l := locationOf(t, access(t, &store, nil), 3)
	for _, size := range []int{0, 1, large} {
		s := l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState)
		write(t, s, size)
		for range 2 {
			must(t, s.Discard(t.Context()))
		}
		if keys := keysOf(t, &store); len(keys) != 0 {
			t.Errorf("of %d bytes %v is left", size, keys)
		}
	}
	must(t, l.CreateCheckpointStateOutputStream(t.Context(), storage.ExclusiveState).Discard(t.Context()))
}
