package fault_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// TestRecipesCanBeReadBack prints a thousand plans, reads them, and prints them again.
func TestRecipesCanBeReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		plan := &fault.Plan{Seed: random.Uint64N(3)}
		for range random.IntN(4) {
			effects := fault.Effects()
			plan.Faults = append(plan.Faults, fault.Fault{Where: place(random, 3), Effect: effects[random.IntN(len(effects))]})
		}
		read, err := fault.Parse(plan.String())
		if err != nil {
			t.Fatal(err)
		}
		if read.String() != plan.String() {
			t.Fatalf("wrote %s\nread  %s", plan, read)
		}
	}
}

func place(random *rand.Rand, deep int) fault.Where {
	ops := around.Ops()
	n := random.IntN(10)
	if deep == 0 {
		n %= 7
	}
	switch n {
	case 0:
		return fault.Any()
	case 1:
		return fault.On(ops[random.IntN(len(ops))])
	case 2:
		return fault.Key([]string{`^a\.b$`, `"`, "\n", "_metadata", `\\`}[random.IntN(5)])
	case 3:
		return fault.Nth(1 + random.IntN(9))
	case 4:
		return fault.Every(1 + random.IntN(9))
	case 5:
		return fault.After(random.Int64N(1 << 40))
	case 6:
		return fault.Chance(random.Float64())
	case 7:
		return fault.Not(place(random, deep-1))
	case 8:
		return fault.And(place(random, deep-1), place(random, deep-1))
	}
	return fault.Or(place(random, deep-1), place(random, deep-1), place(random, deep-1))
}

func TestWhatIsNoRecipe(t *testing.T) {
	for _, recipe := range []string{
		"open", "open:", "open: fail", "open: fail()", "open: fail(tired)", "opened: kill", ": kill", "open & : kill",
		"(open: kill", "nth(0): kill", "nth(x): kill", "every(-1): kill", "after(-1): kill", "chance(2): kill", `key(a): kill`, `key("("): kill`,
		"open: kill, read: kill", "seed: kill", `key("a: kill`, "open: kill(transient)", "open read: kill", "nth(99999999999999999999): kill", "seed 1 open: kill",
	} {
		if plan, err := fault.Parse(recipe); !errors.Is(err, fault.ErrRecipe) {
			t.Errorf("%q gives %v, %v", recipe, plan, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`seed 7; create & key("_metadata$"): fail(throttled); !(commit | nth(2)) & after(10): short(full)`)
	f.Fuzz(func(t *testing.T, recipe string) {
		plan, err := fault.Parse(recipe)
		if err != nil {
			return
		}
		if again, err := fault.Parse(plan.String()); err != nil || again.String() != plan.String() {
			t.Errorf("%q is read as %q, which is read as %v, %v", recipe, plan, again, err)
		}
	})
}
