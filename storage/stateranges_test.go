package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// digits is a store with a checkpoint whose file "data" has so many bytes, of which
// each tells its offset.
func digits(t *testing.T, size int) (*distant, string) {
	t.Helper()
	var b strings.Builder
	for b.Len() < size {
		fmt.Fprintf(&b, "%08d", b.Len())
	}
	text := b.String()[:size]
	store := new(distant)
	store.put(t, "j/chk-1/_metadata")
	putText(t, store, "j/chk-1/data", text)
	putText(t, store, "j/dstl/data", text)
	return store, text
}

// opened returns what was opened of the file since the last call.
func opened(store *distant) int {
	n := 0
	for _, asked := range store.requests() {
		if asked == "open j/chk-1/data" {
			n++
		}
	}
	return n
}

// TestTenThousandPartitions is FLINK-36530: one request each would be 10,000.
func TestTenThousandPartitions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, text := digits(t, 32<<20)
		at := resolve(t, over(t, store), "far://b/j/chk-1")
		var ranges []storage.StateRange
		for i := range int64(10_000) {
			ranges = append(ranges, storage.StateRange{Offset: i * 3300, Length: 64 + i%64})
		}
		store.requests()
		store.latency = 100 * time.Millisecond
		begin, n := time.Now(), 0
		for part, err := range storage.ReadStateRanges(t.Context(), at, relative("data", 32<<20), ranges, nil) {
			must(t, err)
			got, err := part.Bytes()
			must(t, err)
			if r := ranges[n]; part.Index != n || string(got) != text[r.Offset:r.Offset+r.Length] {
				t.Fatalf("part %d is %q", part.Index, got)
			}
			n++
		}
		requests, waited := opened(store), time.Since(begin)
		if n != len(ranges) || requests != 4 || waited != 200*time.Millisecond {
			t.Errorf("%d parts came with %d requests in %v", n, requests, waited)
		}
		must(t, at.Close())
	})
}

// Parts come whole and right, whatever the ranges, the limits, and the way in which
// they are read.
func TestReadingParts(t *testing.T) {
	const size = 5000
	store, text := digits(t, size)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	ranges := []storage.StateRange{{4990, 10}, {0, 0}, {0, 5000}, {7, 1}, {100, 900}, {100, 900}, {5000, 0}, {2000, 1}}
	handles := map[string]checkpoint.StreamStateHandle{
		"file": relative("data", size), "inline": &checkpoint.ByteStreamStateHandle{Data: []byte(text)},
		"segment": segment("far://b/j/shared/big", 0, size), "changelog": file("far://b/j/dstl/data", 4999),
	}
	putText(t, store, "j/shared/big", text+"more")
	ways := map[string]func(*storage.StatePart) (string, error){
		"bytes":  func(p *storage.StatePart) (string, error) { b, err := p.Bytes(); return string(b), err },
		"reader": func(p *storage.StatePart) (string, error) { b, err := io.ReadAll(p); return string(b), err },
		"single": func(p *storage.StatePart) (string, error) {
			var b []byte
			for {
				c, err := p.ReadByte()
				if err != nil {
					if errors.Is(err, io.EOF) {
						err = nil
					}
					return string(b), err
				}
				b = append(b, c)
			}
		},
	}
	for kind, handle := range handles {
		for way, read := range ways {
			for _, opts := range []*storage.ReadOptions{nil, {MaxRequest: 13, ReadAhead: 3}, {MaxRequest: 100, MaxGap: -1}, {MaxRequest: 777, MaxGap: 50, ReadAhead: 1}} {
				for _, at := range []storage.CompletedCheckpointStorageLocation{at, rangeless{at}} {
					got := make([]string, len(ranges))
					order := []int64{}
					for part, err := range storage.ReadStateRanges(t.Context(), at, handle, ranges, opts) {
						must(t, err)
						order = append(order, ranges[part.Index].Offset)
						if part.Len() != ranges[part.Index].Length {
							t.Errorf("%s by %s, %+v: part %d has %d bytes", kind, way, opts, part.Index, part.Len())
						}
						got[part.Index], err = read(part)
						must(t, err)
					}
					for i, r := range ranges {
						if got[i] != text[r.Offset:r.Offset+r.Length] {
							t.Fatalf("%s by %s, %+v: part %d is %.50q", kind, way, opts, i, got[i])
						}
					}
					if len(order) != len(ranges) || !slices.IsSorted(order) {
						t.Errorf("%s by %s, %+v: in order %v", kind, way, opts, order)
					}
				}
			}
		}
	}
}

// Nobody has to read what they are given, nor all of it, nor to the end of the loop.
func TestPartsMayBeLeft(t *testing.T) {
	store, _ := digits(t, 5000)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	ranges := []storage.StateRange{{0, 1000}, {1000, 1000}, {2000, 3000}}
	seen := 0
	for part, err := range storage.ReadStateRanges(t.Context(), at, relative("data", 5000), ranges, &storage.ReadOptions{MaxRequest: 64}) {
		must(t, err)
		seen++
		if part.Index == 1 {
			_, err := io.CopyN(io.Discard, part, 70)
			must(t, err)
		}
	}
	for range storage.ReadStateRanges(t.Context(), at, relative("data", 5000), ranges, &storage.ReadOptions{MaxRequest: 64}) {
		seen++
		break
	}
	if seen != 4 {
		t.Errorf("saw %d parts", seen)
	}
}

func TestRangesThatCannotBe(t *testing.T) {
	store, _ := digits(t, 5000)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	store.requests()
	for _, test := range []struct {
		handle checkpoint.StreamStateHandle
		r      storage.StateRange
		kind   error
	}{
		{relative("data", 5000), storage.StateRange{Offset: -1, Length: 1}, fs.ErrInvalid},
		{relative("data", 5000), storage.StateRange{Offset: 1, Length: -1}, fs.ErrInvalid},
		{relative("data", 5000), storage.StateRange{Offset: 1, Length: 1<<63 - 1}, fs.ErrInvalid},
		{relative("data", 5000), storage.StateRange{Offset: 4999, Length: 2}, storage.ErrTruncated},
		{relative("data", 5001), storage.StateRange{Offset: 0, Length: 2}, storage.ErrTruncated}, // the file is shorter
		{file("far://b/j/dstl/data", 5000), storage.StateRange{Offset: 4999, Length: 2}, storage.ErrTruncated},
		{relative("gone", 5000), storage.StateRange{Offset: 4999, Length: 1}, fs.ErrNotExist},
		{file("far://b/other/x", 5000), storage.StateRange{Offset: 4999, Length: 1}, storage.ErrOutsideAllowed},
	} {
		parts := 0
		for part, err := range storage.ReadStateRanges(t.Context(), at, test.handle, []storage.StateRange{test.r}, nil) {
			if parts++; part != nil || !errors.Is(err, test.kind) || !strings.Contains(err.Error(), "far://b/j/chk-1") {
				t.Errorf("%+v: %v, %v, want %v", test.r, part, err, test.kind)
			}
		}
		if parts != 1 {
			t.Errorf("%+v: yielded %d times", test.r, parts)
		}
	}
	for _, at := range []storage.CompletedCheckpointStorageLocation{at, rangeless{at}} {
		for _, err := range storage.ReadStateRanges(t.Context(), at, nil, nil, nil) {
			if err == nil {
				t.Error("no handle, no error")
			}
		}
	}
}

// All requests are for one version: a file that is replaced meanwhile is an error,
// and not half of each.
func TestAFileThatIsReplacedIsAnError(t *testing.T) {
	store, _ := digits(t, 5000)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	replaced := false
	store.before = func(op, key string) error {
		if op == "open" && !replaced {
			replaced = true
			return nil
		} else if op == "open" {
			putText(t, store, key, strings.Repeat("x", 5000))
		}
		return nil
	}
	var failed error
	for part, err := range storage.ReadStateRanges(t.Context(), at, relative("data", 5000), []storage.StateRange{{0, 5000}}, &storage.ReadOptions{MaxRequest: 1000}) {
		if failed = err; err == nil {
			_, failed = part.Bytes()
		}
	}
	if !errors.Is(failed, backend.ErrChanged) {
		t.Errorf("read two files as one: %v", failed)
	}
}

func TestReadingRangesIsCancelled(t *testing.T) {
	store, _ := digits(t, 5000)
	at := resolve(t, over(t, store), "far://b/j/chk-1")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var failed error
	for part, err := range storage.ReadStateRanges(ctx, at, relative("data", 5000), []storage.StateRange{{0, 5000}}, &storage.ReadOptions{MaxRequest: 10}) {
		cancel()
		if failed = err; err == nil {
			_, failed = part.Bytes()
		}
	}
	if !errors.Is(failed, context.Canceled) {
		t.Errorf("%v", failed)
	}
}
