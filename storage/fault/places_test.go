package fault_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
)

func TestPlaces(t *testing.T) {
	for recipe, want := range map[string]string{
		"any: fail(full)":                                        "1 2 3 4 5 6 7 8",
		"nth(3): fail(full)":                                     "3",
		"every(3): fail(full)":                                   "3 6",
		`key("odd") & nth(2): fail(full)`:                        "3",
		`nth(2) & key("odd"): fail(full)`:                        "",
		`!key("odd") & every(2): fail(full)`:                     "4 8",
		`key("odd") & nth(1) | !key("odd") & nth(1): fail(full)`: "1 2",
		"seed 3; chance(0.5): fail(full)":                        "3 5 6 7",
		"chance(0): fail(full)":                                  "",
	} {
		plan, err := fault.Parse(recipe)
		if err != nil {
			t.Fatal(err)
		}
		if got, again := failing(t, plan), failing(t, plan); got != want || again != want {
			t.Errorf("%s: fails %q, and again %q; want %q", recipe, got, again, want)
		}
	}
}

// failing says which of eight calls fail.
func failing(t *testing.T, plan *fault.Plan) string {
	b := fault.Wrap(new(mem.Backend), plan)
	var failed []string
	for i := 1; i <= 8; i++ {
		if _, err := b.Stat(t.Context(), []string{"even", "odd"}[i%2]); errors.Is(err, syscall.ENOSPC) {
			failed = append(failed, fmt.Sprint(i))
		}
	}
	return strings.Join(failed, " ")
}

func TestAFaultThatNeverHappenedFailsTheTest(t *testing.T) {
	var complaints []string
	trial := &trialTest{complain: func(text string) { complaints = append(complaints, text) }}
	b := fault.Guard(trial, fault.Wrap(new(mem.Backend), fault.At(fault.And(fault.On(fault.Stat), fault.Nth(2)), fault.Stall())))
	_, _ = b.Stat(t.Context(), "a")
	trial.end()
	if len(complaints) != 1 || !strings.Contains(complaints[0], "stat & nth(2): stall") {
		t.Errorf("complaints: %q", complaints)
	}
	if fired := b.Fired(); !slices.Equal(fired, []int{0}) {
		t.Errorf("fired %d", fired)
	}
}

// TestEveryPlanOfAnEnumerationHappens is what makes an enumeration prove something.
func TestEveryPlanOfAnEnumerationHappens(t *testing.T) {
	scenario := func(b backend.Backend) error {
		_, wrote := writeB(b)
		_, read := readA(b)
		_, got := downloadA(b)
		_, sent := uploadB(b)
		_, listed := listAll(b)
		_, copied := copyAToB(b)
		return errors.Join(wrote, read, got, sent, listed, copied, backend.DeleteAll(context.Background(), b, []string{"a", "b", "c"}))
	}
	fresh := func() backend.Backend {
		store := new(mem.Backend)
		put(t, store, "a", "0123456789")
		return store
	}
	sites, err := fault.Record(fresh(), scenario)
	if err != nil {
		t.Fatal(err)
	}
	plans := 0
	for _, plan := range fault.Enumerate(sites, fault.Effects()) {
		b := fault.Wrap(fresh(), plan)
		synctest.Test(t, func(*testing.T) { _ = scenario(b) }) // whether it succeeds is not the question
		if err := b.VerifyFired(); err != nil {
			t.Error(err)
		}
		plans++
	}
	if plans < 10*len(sites) {
		t.Errorf("%d plans for %d sites", plans, len(sites))
	}
}
