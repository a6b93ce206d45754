package local

import (
	"context"
	"sync"
	"time"

	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/task/state"
)

// writes are the snapshots of an attempt that are being written. It is safe for use by
// many goroutines at once.
//
// A write that is not wanted any more is abandoned, which leaves no files, and only cut
// off if that takes too long: a request to a store that is cut off may have been heard.
type writes struct {
	clock   work.Clock
	grace   time.Duration
	running sync.WaitGroup

	mu        sync.Mutex
	open      map[int64]*write // by checkpoint
	abandoned bool
}

// write is that of one checkpoint.
type write struct {
	snapshots []*state.Snapshot
	cut       context.CancelFunc // of the store's requests
	late      work.Timer         // nil unless it was abandoned
}

func newWrites(clock work.Clock, grace time.Duration) *writes {
	return &writes{clock: clock, grace: grace, open: make(map[int64]*write)}
}

// begin has the snapshots of a checkpoint written in a goroutine.
func (w *writes) begin(id int64, snapshots []*state.Snapshot, do func(ctx context.Context)) {
	ctx, cut := context.WithCancel(context.Background())
	one := &write{snapshots: snapshots, cut: cut}
	w.mu.Lock()
	w.open[id] = one
	if w.abandoned {
		w.abandonNow(one)
	}
	w.mu.Unlock()
	w.running.Go(func() {
		do(ctx)
		w.ended(id, one)
	})
}

func (w *writes) ended(id int64, one *write) {
	w.mu.Lock()
	defer w.mu.Unlock()
	one.cut()
	if one.late != nil {
		one.late.Stop()
	}
	delete(w.open, id)
}

// abandonNow is called with the lock.
func (w *writes) abandonNow(one *write) {
	for _, s := range one.snapshots {
		s.Abandon()
	}
	if one.late == nil {
		one.late = w.clock.AfterFunc(w.grace, one.cut)
	}
}

// abandonOne has the write of a checkpoint stop.
func (w *writes) abandonOne(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if one := w.open[id]; one != nil {
		w.abandonNow(one)
	}
}

// abandon has all writes stop.
func (w *writes) abandon() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.abandoned = true
	for _, one := range w.open {
		w.abandonNow(one)
	}
}

// end waits for all writes, which those of an attempt that did not finish are not to
// take long.
func (w *writes) end(early bool) {
	if early {
		w.abandon()
	}
	w.running.Wait()
}
