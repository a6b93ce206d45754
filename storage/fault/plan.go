package fault

import (
	"fmt"
	"strings"
)

// Plan is a list of faults. Of several that could happen to a call the first does.
type Plan struct {
	// Seed decides what is random: [Chance], and which bit [Corrupt] flips. The same
	// calls in the same order meet the same faults.
	Seed   uint64
	Faults []Fault
}

// Fault is an effect at a place.
type Fault struct {
	Where  Where
	Effect Effect
}

// At returns the plan of one fault.
func At(where Where, effect Effect) *Plan {
	return &Plan{Faults: []Fault{{where, effect}}}
}

// String gives the recipe, which [Parse] reads.
func (p *Plan) String() string {
	var parts []string
	if p.Seed != 0 {
		parts = append(parts, fmt.Sprintf("seed %d", p.Seed))
	}
	for _, fault := range p.Faults {
		parts = append(parts, fault.String())
	}
	return strings.Join(parts, "; ")
}

// String gives the recipe.
func (f Fault) String() string { return f.Where.String() + ": " + f.Effect.String() }
