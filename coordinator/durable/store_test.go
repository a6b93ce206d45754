package durable_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

func TestAJobOverThreeLeaders(t *testing.T) {
	for name, b := range stores(t) {
		t.Run(name, func(t *testing.T) {
			s := leading(t, b, "first")
			if s.Epoch() != 1 || len(s.All()) != 0 || leftovers(s) != "" {
				t.Errorf("a fresh job: epoch %d, retained %s, left %s", s.Epoch(), ids(s.All()), leftovers(s))
			}
			for want := int64(1); want <= 3; want++ {
				if id := take(t, s); id != want {
					t.Errorf("id %d, want %d", id, want)
				}
			}
			first := published(t, b, 1)
			if subsumed, err := s.Add(t.Context(), first); err != nil || ids(subsumed) != "" {
				t.Errorf("subsumed %s, %v", ids(subsumed), err)
			}
			if subsumed, err := s.Add(t.Context(), published(t, b, 3)); err != nil || ids(subsumed) != "1" || subsumed[0] != first {
				t.Errorf("subsumed %s, %v", ids(subsumed), err)
			}
			must(t, s.Started(t.Context(), completed.Leftover{ID: take(t, s), Directory: "far://b/sp/savepoint-x", Savepoint: true}))

			s = leading(t, b, "second")
			if s.Epoch() != 2 || ids(s.All()) != "3" || leftovers(s) != "1d 2 4s" {
				t.Errorf("taken over: epoch %d, retained %s, left %s", s.Epoch(), ids(s.All()), leftovers(s))
			}
			for _, id := range []int64{1, 2, 4} {
				s.Ended(id)
			}
			if leftovers(s) != "" {
				t.Errorf("left after all was ended: %s", leftovers(s))
			}
			if id := take(t, s); id != 5 { // writes what was ended
				t.Errorf("id %d, want 5", id)
			}

			s = leading(t, b, "third")
			if ids(s.All()) != "3" || leftovers(s) != "2 4s 5" { // 2 and 4 were given up, and may come late
				t.Errorf("taken over: retained %s, left %s", ids(s.All()), leftovers(s))
			}
		})
	}
}

// What is loaded is what was added: what it is, whose it is, and when it was.
func TestRecoverLoadsExactlyWhatWasAdded(t *testing.T) {
	for name, b := range stores(t) {
		t.Run(name, func(t *testing.T) {
			s, err := durable.Open(t.Context(), accessTo(t, b), &durable.Options{Retain: 5})
			must(t, err)
			own := published(t, b, take(t, s))
			at, err := accessTo(t, b).InitializeLocationForSavepoint(t.Context(), "far://b/sp")
			must(t, err)
			savepoint := publishedAt(t, at, 40)
			savepoint.Owned, savepoint.Triggered, savepoint.Completed = false, time.Time{}, time.Time{}
			savepoint.Properties = checkpoint.UnclaimedProperties()
			savepoint.CreatedAs = nil
			savepoint.Operators = savepoint.Operators[1:] // the job has no such operator any more
			for _, c := range []*completed.Checkpoint{own, savepoint} {
				_, err := s.Add(t.Context(), c)
				must(t, err)
			}
			if next, err := s.IDCounter().Get(t.Context()); next != 41 || err != nil {
				t.Errorf("after checkpoint 40 the next is %d, %v", next, err)
			}
			other := leading(t, b, "another")
			var pointers []string
			for _, c := range other.All() {
				pointers = append(pointers, c.ExternalPointer())
			}
			if diff := cmp.Diff([]string{own.ExternalPointer(), savepoint.ExternalPointer()}, pointers); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]*completed.Checkpoint{own, savepoint}, other.All(), cmpopts.IgnoreFields(completed.Checkpoint{}, "Location"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-added +loaded):\n%s", diff)
			}
			before := other.All()[0]
			must(t, other.Recover(t.Context()))
			if other.All()[0] != before {
				t.Error("what was loaded is loaded again")
			}
		})
	}
}

// A user may restore from a file of any name.
func TestMetadataOfAnotherName(t *testing.T) {
	var b mem.Backend
	s := leading(t, &b, "")
	c := published(t, &b, take(t, s))
	must(t, b.Copy(t.Context(), jobDirectory+"/chk-1/_metadata", jobDirectory+"/chk-1/kept", nil))
	must(t, b.Delete(t.Context(), jobDirectory+"/chk-1/_metadata"))
	var err error
	c.Location, err = accessTo(t, &b).Storage().ResolveCheckpoint(t.Context(), "far://b/"+jobDirectory+"/chk-1/kept")
	must(t, err)
	_, err = s.Add(t.Context(), c)
	must(t, err)
	if next := leading(t, &b, ""); ids(next.All()) != "1" {
		t.Errorf("retained is %s", ids(next.All()))
	}
}

func TestWhatCannotBeLoadedIsNamed(t *testing.T) {
	var b mem.Backend
	s := leading(t, &b, "first")
	for range 2 {
		_, err := s.Add(t.Context(), published(t, &b, take(t, s)))
		must(t, err)
	}
	must(t, b.Delete(t.Context(), jobDirectory+"/chk-2/_metadata"))
	s, err := durable.Open(t.Context(), accessTo(t, &b), &durable.Options{Retain: 3})
	must(t, err)
	if err := s.Recover(t.Context()); !errors.Is(err, storage.ErrNotFound) || !bytes.Contains([]byte(err.Error()), []byte("far://b/"+jobDirectory+"/chk-2")) {
		t.Errorf("recovered: %v", err)
	}
	if len(s.All()) > 0 {
		t.Errorf("half of it was loaded: %s", ids(s.All()))
	}
	if _, err := s.Add(t.Context(), published(t, &b, take(t, s))); err == nil {
		t.Error("a checkpoint was added to what nobody knows")
	}
	if _, _, err := s.Shutdown(t.Context(), completed.Finished); err == nil {
		t.Error("nobody knows what to discard, and it was shut down")
	}
}

func TestAFreshRecordBeginsAfterWhatIsThere(t *testing.T) {
	for name, b := range stores(t) {
		t.Run(name, func(t *testing.T) {
			published(t, b, 9)
			published(t, b, 10)
			if id := take(t, leading(t, b, "")); id != 11 {
				t.Errorf("id %d, want 11", id)
			}
		})
	}
}

func TestTheCountNeverGoesBack(t *testing.T) {
	var b mem.Backend
	s := leading(t, &b, "")
	must(t, s.IDCounter().SetCount(t.Context(), 17))
	if id := take(t, s); id != 17 {
		t.Errorf("id %d, want 17", id)
	}
	must(t, s.IDCounter().SetCount(t.Context(), 5))
	if id := take(t, s); id != 18 {
		t.Errorf("id %d, want 18: 17 was handed out", id)
	}
	must(t, s.IDCounter().Shutdown(t.Context(), completed.Finished))
	if id := take(t, leading(t, &b, "")); id != 19 {
		t.Errorf("id %d, want 19", id)
	}
}

// counted counts what a store is asked.
type counted struct {
	*mem.Backend
	asked map[string]int
}

func (c counted) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	c.asked["swap"]++
	return c.Backend.Swap(ctx, key, old, data)
}

func (c counted) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	c.asked["open"]++
	return c.Backend.Open(ctx, key, opts)
}

func TestAThousandCheckpointsCostTwoThousandRequests(t *testing.T) {
	b := counted{new(mem.Backend), make(map[string]int)}
	s := leading(t, b, "")
	clear(b.asked)
	for range 1000 {
		subsumed, err := s.Add(t.Context(), published(t, b.Backend, take(t, s)))
		must(t, err)
		for _, c := range subsumed {
			s.Ended(c.ID)
		}
	}
	if diff := cmp.Diff(map[string]int{"swap": 2000}, b.asked); diff != "" {
		t.Errorf("(-want +asked):\n%s", diff)
	}
	data, _, err := accessTo(t, b).Record("_coordinator").Read(t.Context())
	must(t, err)
	if len(data) > 2500 {
		t.Errorf("the record has %d bytes:\n%s", len(data), data)
	}
	t.Logf("1000 checkpoints: %d swaps, and a record of %d bytes", b.asked["swap"], len(data))
}

// Whoever stops for now leaves everything to the next; whoever ends leaves nothing.
func TestTheEndsOfAJob(t *testing.T) {
	for name, b := range stores(t) {
		t.Run(name, func(t *testing.T) {
			s := leading(t, b, "first")
			_, err := s.Add(t.Context(), published(t, b, take(t, s)))
			must(t, err)
			discard, retain, err := s.Shutdown(t.Context(), completed.Suspended)
			if err != nil || ids(discard) != "" || ids(retain) != "1" || len(s.All()) > 0 {
				t.Errorf("suspended: discard %s, retain %s, %v", ids(discard), ids(retain), err)
			}
			must(t, s.Conclude(t.Context()))
			if _, err := s.IDCounter().GetAndIncrement(t.Context()); err == nil {
				t.Error("an id was taken after the shutdown")
			}

			s = leading(t, b, "second")
			if ids(s.All()) != "1" {
				t.Fatalf("after a suspension %s is retained", ids(s.All()))
			}
			take(t, s)
			discard, retain, err = s.Shutdown(t.Context(), completed.Finished)
			if err != nil || ids(discard) != "1" || ids(retain) != "" {
				t.Errorf("finished: discard %s, retain %s, %v", ids(discard), ids(retain), err)
			}
			must(t, s.Conclude(t.Context())) // nothing was done yet
			if now := state(t, b); now["ended"] != "FINISHED" || fmt.Sprint(now["retained"]) != "[]" {
				t.Errorf("the record says %v", now)
			}
			s.Ended(1)
			s.Ended(2)
			must(t, s.Conclude(t.Context()))

			_, _, err = accessTo(t, b).Record("_coordinator").Read(t.Context())
			if gone := err != nil; gone != (name != "swapless") {
				t.Errorf("after all was done, reading the record gives %v", err)
			}
			if s := leading(t, b, "third"); len(s.All()) > 0 {
				t.Errorf("a new beginning retains %s", ids(s.All()))
			}
		})
	}
}

// What a claimed snapshot shared is still to be deleted when the snapshot is long gone.
func TestClaimsAreRemembered(t *testing.T) {
	var b mem.Backend
	s := leading(t, &b, "")
	at, err := accessTo(t, &b).InitializeLocationForSavepoint(t.Context(), "far://b/sp")
	must(t, err)
	claimed := publishedAt(t, at, 7)
	_, err = s.Add(t.Context(), claimed)
	must(t, err)
	_, err = s.Add(t.Context(), published(t, &b, take(t, s)))
	must(t, err)
	s = leading(t, &b, "")
	if got := s.Claimed(); len(got) != 1 || got[0] != claimed.ExternalPointer() {
		t.Errorf("claimed are %v", got)
	}
	if leftovers(s) != "7d" {
		t.Errorf("left is %s", leftovers(s))
	}
}
