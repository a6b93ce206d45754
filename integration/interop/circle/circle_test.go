//go:build interop

package circle

import (
	"context"
	"testing"
	"time"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/integration/interop/circle/internal/flink"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// TestCircle goes from real tasks to cairn to real tasks again, and again. All journeys
// share a JVM.
func TestCircle(t *testing.T) {
	v := startFlink(t)
	for _, j := range journeys() {
		t.Run(j.name, func(t *testing.T) { j.travel(t, v) })
	}
}

// journey is one job through several lives.
type journey struct {
	name  string
	place func(*testing.T) *place
	job   string
	legs  []leg

	config func(*checkpointing.Config)
	step   int           // how many numbers each partition of the sources emits, time and again
	delay  time.Duration // of each record in the job, while a snapshot is taken
	whole  func(l *life, limit int, restored bool)
	tidy   bool // nothing lies about
	clings bool // a claimed checkpoint stays while newer ones name files of its own
}

// leg is a life of a job, from a snapshot to the next.
type leg struct {
	change  string // of the parallelism
	options map[string]string
	mode    coordinator.ClaimMode // of what the leg before left
	version int                   // of the metadata; 0 for the newest
	takes   int                   // checkpoints, before the snapshot that it leaves
	leaves  func(*life) *completed.Checkpoint
}

// travel begins a life with each leg, from what the one before has left. The last
// leaves nothing.
func (j *journey) travel(t *testing.T, v *flink.JVM) {
	t.Helper()
	p := j.place(t)
	b := beginning{job: j.job, config: j.config}
	limit := 0
	for _, leg := range j.legs {
		b.change, b.options, b.version, b.mode = leg.change, leg.options, leg.version, leg.mode
		l := p.begin(t, v, b)
		limit += j.step
		l.feed(limit, 0)
		j.whole(l, limit, b.from != "")
		for range leg.takes {
			limit += j.step
			l.feed(limit, j.delay)
			l.take(l.checkpoint)
		}
		if leg.leaves == nil {
			l.cancel()
			break
		}
		limit += j.step
		l.feed(limit, j.delay)
		left := leg.leaves(l).ExternalPointer()
		l.checkOwnership(b, left, j.clings)
		if j.tidy {
			l.checkFiles(b)
		}
		b.from = left
	}
	p.written.check(t)
}

func startFlink(t *testing.T) *flink.JVM {
	t.Helper()
	v, err := flink.Start(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Errorf("the JVM ended badly: %v", err)
		}
	})
	return v
}
