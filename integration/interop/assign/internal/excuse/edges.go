package excuse

import (
	"slices"
	"strings"

	"github.com/cairnstate/cairn/internal/verdict"
)

// onlyChannelsDiffer reports whether two verdicts are the same but for how
// channels changed between vertices with several edges, and for whether they can
// be: that is all that the edge looked at may decide.
func onlyChannelsDiffer(c *verdict.Case, a, b []string) bool {
	if refused(a) || refused(b) {
		return true
	}
	parallel := onParallelEdges(c)
	rest := func(lines []string) []string {
		return slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
			return parallel[vertexOf(line)] && aboutChannels(line)
		})
	}
	return slices.Equal(rest(a), rest(b))
}

func refused(lines []string) bool { return len(lines) == 1 && strings.HasPrefix(lines[0], "refused") }

func aboutChannels(line string) bool {
	return strings.Contains(line, " input rescaling: ") || strings.Contains(line, " output rescaling: ") ||
		strings.Contains(line, " upstream output buffers: ")
}

// onParallelEdges returns the vertices that have several edges with another.
func onParallelEdges(c *verdict.Case) []bool {
	parallel := make([]bool, len(c.Vertices))
	for i := range c.Vertices {
		from := map[int]bool{}
		for _, in := range c.Vertices[i].Inputs {
			if from[in.From] {
				parallel[i], parallel[in.From] = true, true
			}
			from[in.From] = true
		}
	}
	return parallel
}

// vertexOf returns the vertex that a line is of.
func vertexOf(line string) (vertex int) {
	for _, digit := range line {
		if digit < '0' || digit > '9' {
			break
		}
		vertex = 10*vertex + int(digit-'0')
	}
	return vertex
}
