package sharedstate

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// leaving is a file or directory to delete, with what its order depends on: numbers
// are compared many times faster than paths.
type leaving struct {
	name
	place     placeID
	rank      int // of the place, by its text
	directory bool
}

// inOrder returns what leaves in order: by place, then texts before UUIDs, then by name.
func inOrder(all []leaving, ranks int) []leaving {
	all, ends := spread(all, 2*ranks, func(l *leaving) int {
		if l.form == uuidForm {
			return 2*l.rank + 1
		}
		return 2 * l.rank
	})
	for group := range groups(all, ends) {
		byName(group)
	}
	return all
}

// byName puts names of one kind in order. UUIDs are spread evenly over all numbers, so
// that as many buckets as there are names leave next to nothing to be compared.
func byName(group []leaving) {
	named, ends := spread(group, len(group), func(l *leaving) int {
		bucket, _ := bits.Mul64(l.high, uint64(len(group)))
		return int(bucket)
	})
	for bucket := range groups(named, ends) {
		slices.SortFunc(bucket, func(a, b leaving) int { return a.compare(b.name) })
	}
	copy(group, named)
}

// compare compares names that are both texts, or both UUIDs.
func (n name) compare(other name) int {
	return cmp.Or(cmp.Compare(n.high, other.high), cmp.Compare(n.low, other.low), cmp.Compare(n.form, other.form))
}

// spread returns a copy in order of buckets, and where each bucket ends.
func spread(all []leaving, buckets int, bucket func(*leaving) int) (copied []leaving, ends []int) {
	ends = make([]int, buckets)
	for i := range all {
		ends[bucket(&all[i])]++
	}
	for i := 1; i < buckets; i++ {
		ends[i] += ends[i-1]
	}
	copied = make([]leaving, len(all))
	next := slices.Clone(ends)
	for i := len(all) - 1; i >= 0; i-- {
		b := bucket(&all[i])
		next[b]--
		copied[next[b]] = all[i]
	}
	return copied, ends
}

// groups yields what is in each bucket, if anything is.
func groups(all []leaving, ends []int) func(yield func([]leaving) bool) {
	return func(yield func([]leaving) bool) {
		start := 0
		for _, end := range ends {
			if end > start && !yield(all[start:end]) {
				return
			}
			start = end
		}
	}
}

// rank numbers the places that something leaves, in order of their texts, and returns
// how many there are.
func (p *places) rank(all []leaving) int {
	ranks := make([]int, len(p.all)) // 1 for those that count, for now
	var ids []placeID
	for i := range all {
		if id := all[i].place; ranks[id] == 0 {
			ranks[id] = 1
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b placeID) int { return strings.Compare(p.all[a].text, p.all[b].text) })
	for rank, id := range ids {
		ranks[id] = rank
	}
	for i := range all {
		all[i].rank = ranks[all[i].place]
	}
	return len(ids)
}
