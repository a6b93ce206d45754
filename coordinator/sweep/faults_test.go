package sweep_test

import (
	"context"
	"errors"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
)

// TestASweepThatIsBrokenOffIsFinished breaks each request of a sweep: it fails, its
// answer is lost, the process dies before it or after it. What is retained is whole
// then, and the next leader's sweep leaves what one that nothing had happened to does.
func TestASweepThatIsBrokenOffIsFinished(t *testing.T) {
	clean := newStore()
	litter(t, clean)
	at(t, clean).sweep()

	b := newStore()
	litter(t, b)
	sites, err := fault.Record(b, sweepAt(t, b))
	must(t, err)
	effects := []fault.Effect{fault.Fail(fault.Transient), fault.Fail(fault.Permission), fault.Lose(fault.Reset), fault.Truncate(), fault.Kill(), fault.KillAfter()}
	runs := 0
	for _, site := range sites {
		for _, effect := range effects {
			if !effect.HappensTo(site.Op) || site.Bytes == 0 && effect == fault.Truncate() {
				continue
			}
			runs++
			b := newStore()
			litter(t, b)
			broken := fault.Wrap(b, fault.At(site.Ordinal(), effect)) // keys are random
			_ = sweepAt(t, b)(broken)
			if err := broken.VerifyFired(); err != nil {
				t.Error(err)
			}
			s := at(t, b)
			if all := s.All(); len(all) != 1 || all[0].ID != 2 {
				t.Errorf("%s at %v: retained is %v", effect, site, all)
			}
			s.sweep()
			if got, want := shape(files(t, b)), shape(files(t, clean)); got != want {
				t.Errorf("%s at %v: left is %s, want %s", effect, site, got, want)
			}
		}
	}
	t.Logf("%d requests, %d faults", len(sites), runs)
	if runs < 100 {
		t.Error("that is not every fault")
	}
}

// sweepAt is a sweep on a broken view of the store, by a leader on the sound one.
func sweepAt(t *testing.T, sound backend.Backend) func(backend.Backend) error {
	s := at(t, sound)
	return func(broken backend.Backend) error {
		s.access = accessOf(t, broken, checkpoint.JobID{1})
		plan, err := s.plan()
		if err != nil {
			return err
		}
		return plan.Carry(context.Background(), s.access, s.Ended)
	}
}

// shape replaces what is random.
func shape(files string) string {
	return savepoint.ReplaceAllString(files, "savepoint")
}

// A savepoint that is completed between the look and the deed stays.
func TestWhatIsCompletedMeanwhileStays(t *testing.T) {
	b := newStore()
	old := at(t, b)
	id := old.take()
	l, err := old.access.InitializeLocationForSavepoint(t.Context(), "far://b/sp")
	must(t, err)
	must(t, old.Started(t.Context(), completed.Leftover{ID: id, Directory: l.ExclusiveDirectory(), Savepoint: true}))
	old.write(l, 0)
	s := at(t, b)
	plan, err := s.plan()
	must(t, err)
	old.publish(l, id)
	if err := plan.Carry(t.Context(), s.access, s.Ended); err == nil || len(plan.Dispose) != 1 {
		t.Errorf("it was disposed of: %v, %s", err, plan)
	}
	if left := shape(files(t, b)); left != "savepoint*:3" || len(s.Leftovers()) != 1 {
		t.Errorf("left is %s, and to be done %v", left, s.Leftovers())
	}
	if plan := s.sweep(); !plan.Empty() || len(s.Leftovers()) != 0 {
		t.Errorf("the next sweep plans %s, and leaves %v", plan, s.Leftovers())
	}
}

var errStop = errors.New("stop")

// The context ends a sweep, and what is left is left to the next.
func TestASweepEndsWithItsContext(t *testing.T) {
	b := newStore()
	litter(t, b)
	s := at(t, b)
	plan, err := s.plan()
	must(t, err)
	before := files(t, b)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStop)
	if err := plan.Carry(ctx, s.access, func(int64) {}); err == nil {
		t.Error("it did what it should not")
	}
	if after := files(t, b); after != before {
		t.Errorf("there was %s, left is %s", before, after)
	}
}
