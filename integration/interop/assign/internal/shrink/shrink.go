// Package shrink makes a pair smaller for as long as it still shows what it
// showed: what is left is what matters.
package shrink

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/internal/verdict"
)

// While returns the smallest case that can be made of c by taking single things
// away, and that still shows. It does not change c.
func While(c *verdict.Case, shows func(*verdict.Case) bool) *verdict.Case {
	for {
		smaller := first(c, shows)
		if smaller == nil {
			return c
		}
		c = smaller
	}
}

// first returns the first smaller case that shows; nil if none does.
func first(c *verdict.Case, shows func(*verdict.Case) bool) *verdict.Case {
	for _, cut := range cuts {
		for at := 0; ; at++ {
			smaller := clone(c)
			if smaller == nil || !cut(smaller, at) {
				break
			}
			if weight(smaller) < weight(c) && shows(smaller) {
				return smaller
			}
		}
	}
	return nil
}

// weight gets less with each thing that is really taken away.
func weight(c *verdict.Case) (n int) {
	data, err := metadata.Encode(c.Checkpoint, nil)
	if err != nil {
		return math.MaxInt
	}
	for i := range c.Vertices {
		v := &c.Vertices[i]
		n += int(v.Parallelism) + len(v.Operators) + len(v.Inputs)
	}
	return n + len(data)
}

// clone copies a case, down to its last handle.
func clone(c *verdict.Case) *verdict.Case {
	data, err := json.Marshal(c)
	if err != nil {
		return nil
	}
	copied := &verdict.Case{}
	if json.Unmarshal(data, copied) != nil {
		return nil
	}
	return copied
}

// cuts take away the thing at a position, the larger things first, and report
// whether there was one.
var cuts = []func(*verdict.Case, int) bool{
	cutVertex, cutOperatorState, cutOperator, cutSubtask, cutInput, cutParallelism, cutCoordinator, cutField, cutChannel, cutList, cutOffset,
}

func remove[T any](list *[]T, at int) bool {
	if at >= len(*list) {
		return false
	}
	*list = slices.Delete(*list, at, at+1)
	return true
}

// cutVertex takes away a vertex with its edges.
func cutVertex(c *verdict.Case, at int) bool {
	if !remove(&c.Vertices, at) {
		return false
	}
	for v := range c.Vertices {
		inputs := &c.Vertices[v].Inputs
		for i := len(*inputs) - 1; i >= 0; i-- {
			if (*inputs)[i].From == at {
				remove(inputs, i)
			} else if (*inputs)[i].From > at {
				(*inputs)[i].From--
			}
		}
	}
	renumber(c)
	return true
}

// renumber gives the outputs of each vertex numbers without gaps.
func renumber(c *verdict.Case) {
	next := make([]int, len(c.Vertices))
	for v := range c.Vertices {
		for i := range c.Vertices[v].Inputs {
			in := &c.Vertices[v].Inputs[i]
			in.Output = next[in.From]
			next[in.From]++
		}
	}
}

func cutOperatorState(c *verdict.Case, at int) bool { return remove(&c.Checkpoint.Operators, at) }

func cutOperator(c *verdict.Case, at int) bool {
	for v := range c.Vertices {
		operators := &c.Vertices[v].Operators
		if at < len(*operators) {
			return remove(operators, at)
		}
		at -= len(*operators)
	}
	return false
}

func cutInput(c *verdict.Case, at int) bool {
	for v := range c.Vertices {
		inputs := &c.Vertices[v].Inputs
		if at < len(*inputs) {
			remove(inputs, at)
			renumber(c)
			return true
		}
		at -= len(*inputs)
	}
	return false
}

// cutParallelism takes away one new subtask.
func cutParallelism(c *verdict.Case, at int) bool {
	if at >= len(c.Vertices) {
		return false
	}
	c.Vertices[at].Parallelism--
	return true
}

func cutSubtask(c *verdict.Case, at int) bool {
	for i := range c.Checkpoint.Operators {
		subtasks := &c.Checkpoint.Operators[i].Subtasks
		if at < len(*subtasks) {
			return remove(subtasks, at)
		}
		at -= len(*subtasks)
	}
	return false
}

// states are all states of subtasks.
func states(c *verdict.Case) (all []*checkpoint.OperatorSubtaskState) {
	for i := range c.Checkpoint.Operators {
		for _, s := range c.Checkpoint.Operators[i].Subtasks {
			if s.State != nil {
				all = append(all, s.State)
			}
		}
	}
	return all
}
