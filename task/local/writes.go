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
	ctx     context.Context // of the stores' requests
	cut     context.CancelFunc
	running sync.WaitGroup

	mu        sync.Mutex
	open      map[int64][]*state.Snapshot // by checkpoint
	abandoned bool
}

func newWrites(clock work.Clock, grace time.Duration) *writes {
	w := &writes{clock: clock, grace: grace, open: make(map[int64][]*state.Snapshot)}
	w.ctx, w.cut = context.WithCancel(context.Background())
	return w
}

// begin has the snapshots of a checkpoint written in a goroutine.
func (w *writes) begin(id int64, snapshots []*state.Snapshot, write func(ctx context.Context)) {
	w.mu.Lock()
	w.open[id] = snapshots
	if w.abandoned {
		abandonAll(snapshots)
	}
	w.mu.Unlock()
	w.running.Go(func() {
		write(w.ctx)
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.open, id)
	})
}

func abandonAll(snapshots []*state.Snapshot) {
	for _, s := range snapshots {
		s.Abandon()
	}
}

// abandonOne has the writes of a checkpoint stop.
func (w *writes) abandonOne(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	abandonAll(w.open[id])
}

// abandon has all writes stop.
func (w *writes) abandon() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.abandoned = true
	for _, snapshots := range w.open {
		abandonAll(snapshots)
	}
}

// end waits for all writes, which those of an attempt that did not finish are not to
// take long.
func (w *writes) end(early bool) {
	if early {
		w.abandon()
		timer := w.clock.AfterFunc(w.grace, w.cut)
		defer timer.Stop()
	}
	w.running.Wait()
	w.cut()
}
