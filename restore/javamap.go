package restore

import (
	"encoding/binary"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// The order in which state names come out of a java.util.HashMap decides with
// which subtask SPLIT_DISTRIBUTE begins to deal each of them, so it has to be
// Java's: by bucket, and within a bucket by history. There are two histories.
// HashMap.put, with which Flink reads a handle, puts a key at the end of its
// bucket; HashMap.computeIfAbsent, with which it groups names, at the front.

// javaPutOrder returns keys in the order of a map with room for so many, that they
// were put into. keys are distinct and in the order of their insertion.
func javaPutOrder(keys []string) []string {
	return inOrder(keys, javaPutOrderOf(hashesOf(keys)))
}

// javaComputeOrder returns keys in the order of a new HashMap<>() that they came
// into by computeIfAbsent.
func javaComputeOrder(keys []string) []string {
	return inOrder(keys, javaOrder(hashesOf(keys), 16, (*javaMap).computeIfAbsent))
}

// javaPutOrderOf is javaPutOrder for keys of which the hashes are known.
func javaPutOrderOf(hashes []uint32) []int {
	return javaOrder(hashes, javaSizedCapacity(len(hashes)), (*javaMap).put)
}

// javaOrder returns the positions of keys in the order of the map.
func javaOrder(hashes []uint32, capacity int, insert func(*javaMap, javaKey)) []int {
	m := javaMap{buckets: make([][]javaKey, capacity)}
	for i, hash := range hashes {
		insert(&m, javaKey{i, hash})
	}
	ordered := make([]int, 0, len(hashes))
	for _, bucket := range m.buckets {
		for _, key := range bucket {
			ordered = append(ordered, key.position)
		}
	}
	return ordered
}

func inOrder(keys []string, positions []int) []string {
	ordered := make([]string, len(keys))
	for i, position := range positions {
		ordered[i] = keys[position]
	}
	return ordered
}

func hashesOf(keys []string) []uint32 {
	hashes := make([]uint32, len(keys))
	for i, key := range keys {
		hashes[i] = spread(uint32(checkpoint.StringHashCode(key)))
	}
	return hashes
}

// idHashCode is the hash code of an operator id.
func idHashCode(id checkpoint.OperatorID) (hash uint32) {
	for i := 0; i < len(id); i += 4 {
		hash ^= binary.BigEndian.Uint32(id[i:])
	}
	return hash
}

// javaSizedCapacity returns the table of CollectionUtil.newHashMapWithExpectedSize,
// which Flink reads state names into.
func javaSizedCapacity(expected int) int {
	want := expected + 1
	if expected > 2 {
		want = (expected*4 + 2) / 3 // divided by the load factor, rounded up
	}
	capacity := 1
	for capacity < want {
		capacity *= 2
	}
	return capacity
}

type javaKey struct {
	position int
	hash     uint32
}

type javaMap struct {
	buckets [][]javaKey
	size    int
}

// The limits of java.util.HashMap at which a crowded bucket doubles the table
// instead of becoming a tree. In larger tables it does become one, whose root
// comes first; that is not followed here, for it takes nine state names of one
// operator whose hashes agree in six bits or more.
const (
	javaTreeify     = 8
	javaMinTreeSize = 64
)

func (m *javaMap) put(key javaKey) {
	bucket := m.bucket(key)
	*bucket = append(*bucket, key)
	if len(*bucket) > javaTreeify {
		m.relieve()
	}
	m.size++
	if m.full() {
		m.double()
	}
}

func (m *javaMap) computeIfAbsent(key javaKey) {
	if m.full() { // looked at before, not after
		m.double()
	}
	bucket := m.bucket(key)
	*bucket = slices.Insert(*bucket, 0, key)
	if len(*bucket) >= javaTreeify { // one less than for put
		m.relieve()
	}
	m.size++
}

func (m *javaMap) bucket(key javaKey) *[]javaKey {
	return &m.buckets[key.hash&uint32(len(m.buckets)-1)]
}

func (m *javaMap) full() bool { return m.size > len(m.buckets)*3/4 }

func (m *javaMap) relieve() {
	if len(m.buckets) < javaMinTreeSize {
		m.double()
	}
}

func (m *javaMap) double() {
	old := m.buckets
	m.buckets = make([][]javaKey, 2*len(old))
	for _, bucket := range old {
		for _, key := range bucket {
			b := m.bucket(key)
			*b = append(*b, key)
		}
	}
}

// spread is HashMap.hash.
func spread(h uint32) uint32 { return h ^ h>>16 }
