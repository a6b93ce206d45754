// Package excuse knows the ways in which cairn and Flink may differ, and holds
// each to all that was said: an excuse is given only if cairn, sharing that one
// peculiarity of Flink, says to the last letter what Flink says, and without it
// what Flink says where the peculiarity has no occasion. docs/divergence.md has
// the reasons.
package excuse

import (
	"slices"

	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/restore"
)

// The excuses.
const (
	None           = ""
	HashOrder      = "Flink says the same in another order of its hash map of vertices"
	Reset          = "an operator without state resets the max parallelism of a chain with keyed state"
	Disagreeing    = "a chain with keyed state whose operators differ about the max parallelism is refused (FLINK-40113)"
	FirstEdge      = "several edges between two vertices: Flink takes the first for all"
	EdgeAndReset   = "several edges, and a reset"
	EdgeAndRefused = "several edges, and a chain refused"
)

// kind is a peculiarity of Flink, or two at once, and what it excuses: that cairn
// assigns otherwise, and that it refuses.
type kind struct {
	restore.Peculiarities
	assigned, refused string
}

var kinds = []kind{
	{restore.Peculiarities{MaxParallelism: true}, Reset, Disagreeing},
	{restore.Peculiarities{FirstEdge: true}, FirstEdge, FirstEdge},
	{restore.Peculiarities{MaxParallelism: true, FirstEdge: true}, EdgeAndReset, EdgeAndRefused},
}

// Foretell returns what cairn makes of a case if it shares peculiarities.
func Foretell(c *verdict.Case, p restore.Peculiarities) ([]string, error) {
	peculiar := *c
	peculiar.Peculiarities = p
	return verdict.Of(&peculiar)
}

// Ask returns what Flink makes of a case.
type Ask func(*verdict.Case) ([]string, error)

// For returns what excuses that Flink does not say what cairn does.
func For(c *verdict.Case, ours []string, ask Ask) (string, error) {
	switch same, err := inSomeOrder(c, ours, ask); {
	case err != nil:
		return None, err
	case same:
		return HashOrder, nil
	}
	for _, k := range kinds {
		excuses, err := k.excuses(c, ours, ask)
		switch {
		case err != nil:
			return None, err
		case excuses && refused(ours):
			return k.refused, nil
		case excuses:
			return k.assigned, nil
		}
	}
	return None, nil
}

func (k kind) excuses(c *verdict.Case, ours []string, ask Ask) (bool, error) {
	foretold, err := Foretell(c, k.Peculiarities)
	if err != nil || slices.Equal(foretold, ours) {
		return false, err
	}
	if same, err := inSomeOrder(c, foretold, ask); !same || err != nil {
		return false, err
	}
	// Without the occasion for the one peculiarity the other may be left.
	left, err := Foretell(c, restore.Peculiarities{FirstEdge: k.FirstEdge})
	if err != nil {
		return false, err
	}
	right := slices.Equal(ours, left) || k.FirstEdge && onlyChannelsDiffer(c, ours, left)
	if !right {
		return false, nil
	}
	if !k.MaxParallelism || refusedForDisagreement(c, left) {
		return true, nil
	}
	return inSomeOrder(configured(c), left, ask)
}

// inSomeOrder reports whether Flink may say these lines. It walks its vertices in
// an order that is another one every time; the given one is tried first.
func inSomeOrder(c *verdict.Case, lines []string, ask Ask) (bool, error) {
	for order := range permutations(len(c.Vertices)) {
		asked := *c
		asked.Order = order
		theirs, err := ask(&asked)
		if err != nil {
			return false, err
		}
		if slices.Equal(lines, theirs) {
			return true, nil
		}
	}
	return false, nil
}
