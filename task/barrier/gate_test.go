package barrier_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/task/barrier"
)

const channels = 3

// produce puts 1000 records into the channel, and a barrier after each hundred.
func produce(t *testing.T, g *barrier.Gate[int], channel int) {
	t.Helper()
	put := func(e barrier.Element[int]) {
		if err := g.Put(t.Context(), channel, e); err != nil {
			t.Error(err)
		}
	}
	for n := range 1000 {
		put(barrier.Element[int]{Record: n})
		if n%100 == 99 {
			b := numbered(int64(n/100+1), true)
			put(barrier.Element[int]{Kind: barrier.Barrier, Barrier: &b})
		}
	}
	put(barrier.Element[int]{Kind: barrier.End})
}

// At each snapshot exactly the records before the barriers were consumed, in order.
func TestProducersAtOnce(t *testing.T) {
	g := barrier.NewGate[int](channels, 7, time.Now)
	var producers sync.WaitGroup
	defer producers.Wait()
	for channel := range channels {
		producers.Go(func() { produce(t, g, channel) })
	}
	var consumed [channels]int
	snapshots := 0
	for !g.Ended() {
		event, ok := g.Poll()
		switch {
		case !ok:
			<-g.Wake()
		case event.Snapshot != nil:
			snapshots++
			for channel, n := range consumed {
				if n != 100*snapshots || event.Snapshot.Barrier.CheckpointID != int64(snapshots) {
					t.Errorf("at snapshot %d channel %d had brought %d records", snapshots, channel, n)
				}
			}
		case event.Record != consumed[event.Channel]:
			t.Fatalf("channel %d brought %d after %d records", event.Channel, event.Record, consumed[event.Channel])
		default:
			consumed[event.Channel]++
		}
	}
	if snapshots != 10 {
		t.Errorf("%d snapshots, want 10", snapshots)
	}
}

// A channel that is full holds its producer, until there is a place or the context ends.
func TestBackpressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := barrier.NewGate[int](1, 2, time.Now)
		ctx, stop := context.WithCancelCause(t.Context())
		results := make(chan error, 4)
		go func() {
			for n := range 4 {
				results <- g.Put(ctx, 0, barrier.Element[int]{Record: n})
			}
		}()
		synctest.Wait()
		if len(results) != 2 {
			t.Errorf("%d records went into a channel of 2", len(results))
		}
		g.Poll()
		synctest.Wait()
		if len(results) != 3 {
			t.Errorf("%d records went in after one had been taken", len(results))
		}
		stop(errEnough)
		synctest.Wait()
		<-results
		<-results
		<-results
		if err := <-results; !errors.Is(err, errEnough) {
			t.Errorf("%v, want the cause", err)
		}
		for range 2 {
			g.Poll()
		}
		if event, ok := g.Poll(); ok {
			t.Errorf("%+v came, which was refused", event)
		}
	})
}

var errEnough = errors.New("enough")

// A blocked channel is not read, though it has something.
func TestBlockedChannelsWait(t *testing.T) {
	g := barrier.NewGate[int](2, 8, time.Now)
	b := numbered(1, true)
	for _, e := range []barrier.Element[int]{{Kind: barrier.Barrier, Barrier: &b}, {Record: 7}} {
		if err := g.Put(t.Context(), 0, e); err != nil {
			t.Fatal(err)
		}
	}
	if event, ok := g.Poll(); ok {
		t.Fatalf("%+v was read over a barrier", event)
	}
	g.Abort(1)
	if event, ok := g.Poll(); !ok || event.Aborted == nil {
		t.Fatalf("%+v, want the end of checkpoint 1", event)
	}
	if event, ok := g.Poll(); !ok || event.Record != 7 {
		t.Fatalf("%+v, want the record", event)
	}
}

// Barriers come through channels that bring no records any more.
func TestDrainedChannelsBringBarriers(t *testing.T) {
	g := barrier.NewGate[int](2, 8, time.Now)
	b := numbered(1, true)
	for channel := range 2 {
		for _, e := range []barrier.Element[int]{{Record: 7}, {Kind: barrier.Drained}, {Kind: barrier.Barrier, Barrier: &b}, {Kind: barrier.End}} {
			if g.Drained() {
				t.Fatal("drained before the channels were read")
			}
			if err := g.Put(t.Context(), channel, e); err != nil {
				t.Fatal(err)
			}
		}
	}
	for n := range 2 {
		if event, ok := g.Poll(); !ok || event.Record != 7 || g.Drained() {
			t.Fatalf("%+v, drained %v; want record %d", event, g.Drained(), n)
		}
	}
	if event, ok := g.Poll(); !ok || event.Snapshot == nil || !g.Drained() || g.Ended() {
		t.Fatalf("%+v, drained %v, ended %v; want the checkpoint", event, g.Drained(), g.Ended())
	}
	if _, ok := g.Poll(); ok || !g.Ended() {
		t.Error("there is more, and nothing can be")
	}
}
