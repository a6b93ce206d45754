package sharedstate

import "strings"

// remove takes entries out.
func (t *table) remove(gone []number) {
	for len(gone) > atOnce {
		t.removeSome(gone[:atOnce])
		gone = gone[atOnce:]
	}
	t.removeSome(gone)
}

// removeSome finds all slots before it frees the first, so that no read waits for the
// other. Freeing one may move another, towards its home.
func (t *table) removeSome(gone []number) {
	var homes, slots [atOnce]int
	for i, n := range gone {
		homes[i] = int(t.hashOf(t.entries.at(n)))
	}
	for i, n := range gone {
		slots[i] = t.slotOf(n, homes[i])
	}
	for i, n := range gone {
		if number(t.slots[slots[i]]) != n+1 {
			slots[i] = t.slotOf(n, homes[i])
		}
		t.free(slots[i], n)
	}
}

func (t *table) hashOf(e *entry) uint32 {
	return t.hash(&key{name: e.name(), right: t.rightOf(e)})
}

// slotOf looks for an entry from its home on.
func (t *table) slotOf(n number, home int) int {
	mask := len(t.slots) - 1
	i := home & mask
	for number(t.slots[i]) != n+1 {
		i = (i + 1) & mask
	}
	return i
}

func (t *table) free(slot int, n number) {
	t.closeUp(slot)
	t.places.release(t.entries.at(n).place)
	t.entries.give(n)
}

// closeUp frees a slot. What lies behind it moves up, so that nothing is ever looked
// for behind a free slot.
func (t *table) closeUp(gap int) {
	mask := len(t.slots) - 1
	for i := (gap + 1) & mask; t.slots[i] != 0; i = (i + 1) & mask {
		home := int(t.slots[i]>>32) & mask
		if (i-home)&mask >= (i-gap)&mask { // it may be as far from home as the gap is
			t.slots[gap], gap = t.slots[i], i
		}
	}
	t.slots[gap] = 0
}

// shrink gives memory back if most entries are gone, by starting anew.
func (t *table) shrink() {
	if t.entries.length <= perPiece || t.entries.live*4 > t.entries.length {
		return
	}
	smaller := newTable()
	for _, e := range t.entries.all() {
		if e.place != noPlace {
			var path strings.Builder
			t.write(&path, e)
			smaller.take(path.String(), e)
		}
	}
	smaller.places.settle()
	*t = smaller
}

// take takes an entry over from another table.
func (t *table) take(path string, e *entry) {
	k := t.key(path)
	taken := t.add(&k, t.hash(&k))
	place := taken.place
	*taken = *e
	taken.place = place
}
