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

// ranks numbers the places in order of their texts.
func (p *places) ranks() []int {
	ids := make([]placeID, len(p.all))
	for i := range ids {
		ids[i] = placeID(i)
	}
	slices.SortFunc(ids, func(a, b placeID) int { return strings.Compare(p.all[a].text, p.all[b].text) })
	ranks := make([]int, len(ids))
	for rank, id := range ids {
		ranks[id] = rank
	}
	return ranks
}
