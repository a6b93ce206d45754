package excuse

import (
	"iter"
	"slices"
)

// permutations yields the orders of n things, the given one first.
func permutations(n int) iter.Seq[[]int] {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return func(yield func([]int) bool) { permute(order, 0, yield) }
}

func permute(order []int, from int, yield func([]int) bool) bool {
	if from >= len(order)-1 {
		return yield(slices.Clone(order))
	}
	for i := from; i < len(order); i++ {
		order[from], order[i] = order[i], order[from]
		if !permute(order, from+1, yield) {
			return false
		}
		order[from], order[i] = order[i], order[from]
	}
	return true
}
