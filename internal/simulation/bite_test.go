package simulation

import (
	"slices"
	"testing"
)

// mutation is something that is broken on purpose, and how that must be noticed.
type mutation struct {
	name   string
	seams  Seams
	caught []Invariant
}

// mostSeeds is how many seeds a mutation may need.
const mostSeeds = 400

// An invariant that nothing breaks may be one that nobody checks.
func TestItBites(t *testing.T) {
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			for seed := uint64(1); seed <= mostSeeds; seed++ {
				r := Run(t, seed, Options{Seams: m.seams})
				if r.Violation == nil {
					continue
				}
				if !slices.Contains(m.caught, r.Violation.Invariant) {
					t.Errorf("seed %d: caught as %v, want one of %q", seed, r.Violation, m.caught)
				}
				t.Logf("caught by seed %d: %v", seed, r.Violation)
				return
			}
			t.Errorf("not caught by %d seeds", mostSeeds)
		})
	}
}
