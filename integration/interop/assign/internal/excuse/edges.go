package excuse

import (
	"slices"
	"strings"

	"github.com/cairnstate/cairn/internal/verdict"
)

// onlyChannelsDiffer reports whether two verdicts are the same but for how
// channels changed, and for whether they can be: that is all that the edge looked
// at may decide, in a job that has several between two vertices. It decides it for
// others too: a producer that takes itself for not rescaled says so to them.
func onlyChannelsDiffer(c *verdict.Case, a, b []string) bool {
	if !hasParallelEdges(c) {
		return false
	}
	rest := func(lines []string) []string { return slices.DeleteFunc(slices.Clone(lines), aboutChannels) }
	return refused(a) || refused(b) || slices.Equal(rest(a), rest(b))
}

func refused(lines []string) bool { return len(lines) == 1 && strings.HasPrefix(lines[0], "refused") }

func aboutChannels(line string) bool {
	return strings.Contains(line, " input rescaling: ") || strings.Contains(line, " output rescaling: ") ||
		strings.Contains(line, " upstream output buffers: ")
}

// hasParallelEdges reports whether any two vertices have several edges.
func hasParallelEdges(c *verdict.Case) bool {
	for i := range c.Vertices {
		from := map[int]bool{}
		for _, in := range c.Vertices[i].Inputs {
			if from[in.From] {
				return true
			}
			from[in.From] = true
		}
	}
	return false
}
