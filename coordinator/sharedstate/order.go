package sharedstate

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// ordered is an entry with what its order depends on: comparing the numbers that
// stand for directories and names is many times faster than comparing paths.
type ordered struct {
	*entry
	name
	rank int // of the place, by its text
}

// inOrder returns those of the entries that are ours to delete, by place and name.
func (r *Registry) inOrder(gone []number) []ordered {
	ranks := r.paths.places.ranks()
	all := make([]ordered, 0, len(gone))
	for _, i := range gone {
		if e := r.paths.entries.at(i); e.kind != pin {
			all = append(all, ordered{entry: e, name: e.name(), rank: ranks[e.place]})
		}
	}
	slices.SortFunc(all, compare)
	return all
}

func compare(a, b ordered) int {
	if a.rank != b.rank {
		return cmp.Compare(a.rank, b.rank)
	}
	return a.compare(b.name)
}

// compare compares the texts. Where both are of one form, the numbers do.
func (n name) compare(other name) int {
	if (n.form == uuidForm) != (other.form == uuidForm) {
		return bytes.Compare(n.append(nil), other.append(nil))
	}
	return cmp.Or(cmp.Compare(n.high, other.high), cmp.Compare(n.low, other.low), cmp.Compare(n.form, other.form))
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
