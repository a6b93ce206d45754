package faults_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/internal/scenario"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/stack"
)

// over is what stands between a play and the faults of the store.
type over func(backend.Backend) (backend.Backend, error)

func bare(b backend.Backend) (backend.Backend, error) { return b, nil }

func stacked(b backend.Backend) (backend.Backend, error) { return stack.Wrap(b, "far", nil) }

// Every call of every play meets every fault, on a store in memory and on a disk, bare
// and under the stack of wrappers.
func TestVerbs(t *testing.T) {
	t.Parallel()
	memory, disk := grounds()["mem"], grounds()["fs"]
	for name, c := range map[string]*calls{
		"mem, bare":      {fresh: memory, over: bare, effects: effects()},
		"mem, the stack": {fresh: memory, over: stacked, effects: effects(), patient: true},
		// What kind of error it was is nothing to a disk, and it is slow.
		"fs, bare": {fresh: disk, over: bare, effects: fewer()},
	} {
		t.Run(name, func(t *testing.T) {
			count, sites := 0, 0
			for _, play := range scenario.Plays() {
				plans, n := c.plans(t, play)
				sites, count = sites+n, count+len(plans)
				c.tryAll(t, play, plans)
			}
			t.Logf("%d cases: faults at %d calls of %d plays on %s", count, sites, len(scenario.Plays()), name)
			if count < 300 {
				t.Errorf("only %d cases", count)
			}
		})
	}
}

// tryAll tries the plans, some at once: a disk makes wait.
func (c *calls) tryAll(t *testing.T, play scenario.Play, plans []*fault.Plan) {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(16)
	for _, plan := range plans {
		group.Go(func() error {
			if err := c.try(t, play, plan); err != nil {
				t.Errorf("%s, %s: %v", play.Name, plan, err)
			}
			return nil
		})
	}
	_ = group.Wait()
}

// calls is a store, as often as one is needed.
type calls struct {
	fresh   func(*testing.T) ground
	over    over
	effects []fault.Effect
	patient bool // what passes must be survived
}

// plans returns each fault at each call of the play, and then those that stay.
func (c *calls) plans(t *testing.T, play scenario.Play) (plans []*fault.Plan, sites int) {
	t.Helper()
	recorded := c.record(t, play)
	ops := make(map[fault.Op]bool)
	for _, site := range recorded {
		for _, effect := range c.effects {
			if meets(site, effect) {
				plans = append(plans, fault.At(site.Ordinal(), effect))
			}
		}
		ops[site.Op] = true
	}
	for op := range ops {
		for _, effect := range c.effects {
			if meets(fault.Site{Op: op}, effect) {
				plans = append(plans, fault.At(fault.On(op), effect))
			}
		}
	}
	return append(plans, doubts(play)...), len(recorded)
}

// doubts are publications whose answer is lost, and that cannot be read back.
func doubts(play scenario.Play) (plans []*fault.Plan) {
	if play.Name != "publish" {
		return nil
	}
	name := fault.Key("/_metadata$")
	for _, kind := range fault.Kinds() {
		for _, lost := range []fault.Effect{fault.Lose(kind), fault.Fail(kind)} {
			plans = append(plans, &fault.Plan{Faults: []fault.Fault{
				{Where: fault.And(fault.On(fault.Commit), name), Effect: lost},
				{Where: fault.And(fault.On(fault.Open), name), Effect: fault.Fail(fault.Transient)},
			}})
		}
	}
	return plans
}

// record returns the calls of an undisturbed play, each once.
func (c *calls) record(t *testing.T, play scenario.Play) []fault.Site {
	t.Helper()
	on := c.fresh(t)
	ledger, err := play.Prepare(t.Context(), place(on.open))
	if err != nil {
		t.Fatal(err)
	}
	b, err := on.open()
	if err != nil {
		t.Fatal(err)
	}
	sites, err := fault.Record(b, func(b backend.Backend) error {
		return play.Perform(t.Context(), place(func() (backend.Backend, error) { return b, nil }), ledger)
	})
	if err != nil {
		t.Fatalf("undisturbed: %v", err)
	}
	seen := make(map[string]bool)
	return slices.DeleteFunc(sites, func(s fault.Site) bool {
		id := s.Ordinal().String()
		twice := seen[id] || s.Op == fault.Shut
		seen[id] = true
		return twice
	})
}

// effects are all but corruption: the format has no checksums to notice it by.
func effects() []fault.Effect {
	return slices.DeleteFunc(fault.Effects(), func(e fault.Effect) bool { return e == fault.Corrupt() })
}

// fewer are effects of one kind of error each.
func fewer() []fault.Effect {
	return []fault.Effect{fault.Truncate(), fault.Stall(), fault.Kill(), fault.KillAfter(), fault.Fail(fault.Full), fault.Fail(fault.Permission), fault.Fail(fault.Transient), fault.Lose(fault.Transient), fault.Short(fault.Full)}
}

// meets says whether the effect means something at the site: of nothing there is no
// half, and nothing is needed to read.
func meets(s fault.Site, e fault.Effect) bool {
	halves := e == fault.Truncate() || strings.HasPrefix(e.String(), "short")
	full := strings.HasSuffix(e.String(), "("+string(fault.Full)+")")
	return e.HappensTo(s.Op) && (!halves || s.Bytes > 0) && (!full || s.Op.Changes())
}

// try plays with the fault, and judges. The clock is the bubble's: whoever waits for a
// deadline waits for nothing.
func (c *calls) try(t *testing.T, play scenario.Play, plan *fault.Plan) error {
	on := c.fresh(t)
	var end ending
	var err error
	synctest.Test(t, func(t *testing.T) { end, err = c.tryOn(t.Context(), on, play, plan) })
	if err != nil || strings.HasPrefix(plan.String(), "abort") { // who cannot abandon leaves it
		return err
	}
	return end.left.swept(t.Context(), end.killed) // by the clock of the files
}

// ending is how a play left the store.
type ending struct {
	left   ground
	killed bool
}

func (c *calls) tryOn(ctx context.Context, on ground, play scenario.Play, plan *fault.Plan) (ending, error) {
	ledger, err := play.Prepare(ctx, place(on.open))
	if err != nil {
		return ending{}, err
	}
	b, err := on.open()
	if err != nil {
		return ending{}, err
	}
	broken := fault.Wrap(b, plan)
	limited, cancel := context.WithTimeout(ctx, 10*time.Minute)
	told := play.Perform(limited, place(func() (backend.Backend, error) { return c.over(broken) }), ledger)
	cancel()
	end := ending{killed: broken.Killed()}
	if end.left, err = on.after(end.killed); err != nil {
		return end, err
	}
	_, judged := scenario.Judge(ctx, place(end.left.open), ledger, scenario.Excuse{Killed: end.killed, Orphans: end.killed})
	err = errors.Join(broken.VerifyFired(), c.heard(told, plan), judged)
	if err != nil {
		err = fmt.Errorf("%w (the play said: %w)", err, orNothing(told))
	}
	return end, err
}

var errSilence = errors.New("nothing")

func orNothing(err error) error {
	if err == nil {
		return errSilence
	}
	return err
}

// heard judges what the play said.
func (c *calls) heard(told error, plan *fault.Plan) error {
	if told != nil && c.patient && passes(plan) {
		return fmt.Errorf("what passes was not survived: %w", told)
	}
	if told != nil {
		return scenario.CheckError(told)
	}
	return nil
}

// passes says whether the plan is one fault that happens once and does not stay. Closing
// is not tried again: what was read is read.
func passes(plan *fault.Plan) bool {
	text := plan.String()
	once := strings.Contains(text, "nth(") && !strings.HasPrefix(text, "close") && !strings.HasPrefix(text, "abort")
	for _, kind := range []fault.Kind{fault.Transient, fault.Throttled, fault.Reset} {
		if once && strings.HasSuffix(text, "("+string(kind)+")") {
			return true
		}
	}
	return false
}
