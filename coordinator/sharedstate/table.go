package sharedstate

import (
	"math/bits"
	"math/rand/v2"
	"strings"
)

// key is a path, cut up.
type key struct {
	name
	place placeID // as it is spelt
	right placeID
}

// table finds entries by their paths. It is a hash table of numbers with open
// addressing: looking for one that is there takes two reads from memory that is not
// in a cache, one of them a neighbour of the read before.
type table struct {
	entries pool
	places  places
	// slots have a hash in the upper half, and in the lower one 1 + the number of an
	// entry; 0 if free.
	slots []uint64
	seed  [2]uint64 // lest somebody find names that collide
}

const fewestSlots = 8

func newTable() table {
	return table{places: newPlaces(), slots: make([]uint64, fewestSlots), seed: [2]uint64{rand.Uint64(), rand.Uint64()}}
}

// key cuts a path. Its place stays, until settle, even if nothing comes of it.
func (t *table) key(path string) key {
	dir, n, ok := cut(path)
	var id placeID
	if ok {
		id = t.places.directory(dir)
	} else {
		id, n = t.places.whole(path)
	}
	return key{name: n, place: id, right: t.places.all[id].right}
}

// hash mixes by multiplication, as wyhash does.
func (t *table) hash(k *key) uint32 {
	high, low := bits.Mul64(k.high^t.seed[0], k.low^t.seed[1])
	high, low = bits.Mul64(high^low^t.seed[1], uint64(k.right)<<8^uint64(k.form)^t.seed[0])
	return uint32((high ^ low) >> 32)
}

// find returns nil if there is no such entry.
func (t *table) find(k *key, hash uint32) *entry {
	mask := len(t.slots) - 1
	for i := int(hash) & mask; t.slots[i] != 0; i = (i + 1) & mask {
		if uint32(t.slots[i]>>32) == hash {
			if e := t.entries.at(number(t.slots[i]) - 1); t.is(e, k) {
				return e
			}
		}
	}
	return nil
}

// first returns what find looks at first, if the hash is right.
func (t *table) first(hash uint32) *entry {
	slot := t.slots[int(hash)&(len(t.slots)-1)]
	if slot == 0 || uint32(slot>>32) != hash {
		return nil
	}
	return t.entries.at(number(slot) - 1)
}

func (t *table) is(e *entry, k *key) bool {
	return e.high == k.high && e.low == k.low && e.form == k.form && t.rightOf(e) == k.right
}

func (t *table) rightOf(e *entry) placeID { return t.places.all[e.place].right }

// write writes the path as it was spelt first.
func (t *table) write(to *strings.Builder, e *entry) {
	spell(to, &t.places.all[e.place], e.name())
}

// length is that of the path.
func (t *table) length(e *entry) int {
	return len(t.places.all[e.place].text) + len("/") + e.name().length()
}

// canonical returns the path in its one right spelling.
func (t *table) canonical(e *entry) string {
	var path strings.Builder
	spell(&path, &t.places.all[t.rightOf(e)], e.name())
	return path.String()
}

func spell(to *strings.Builder, p *place, n name) {
	to.WriteString(p.text)
	if !p.whole {
		var text [uuidLength]byte
		to.WriteByte('/')
		to.Write(n.append(text[:0]))
	}
}

// add makes an entry for a path that has none.
func (t *table) add(k *key, hash uint32) *entry {
	if (t.entries.live+1)*4 > len(t.slots)*3 {
		t.resize(2 * len(t.slots))
	}
	i, e := t.entries.take()
	*e = entry{high: k.high, low: k.low, form: k.form, place: k.place, size: unsaid}
	t.places.all[k.place].uses++
	t.put(uint64(hash)<<32 | uint64(i+1))
	return e
}

func (t *table) put(slot uint64) {
	mask := len(t.slots) - 1
	i := int(slot>>32) & mask
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = slot
}

func (t *table) resize(slots int) {
	old := t.slots
	t.slots = make([]uint64, slots)
	for _, slot := range old {
		if slot != 0 {
			t.put(slot)
		}
	}
}
