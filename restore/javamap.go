package restore

import (
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
	return javaOrder(keys, javaSizedCapacity(len(keys)), (*javaMap).put)
}

// javaComputeOrder returns keys in the order of a new HashMap<>() that they came
// into by computeIfAbsent.
func javaComputeOrder(keys []string) []string {
	return javaOrder(keys, 16, (*javaMap).computeIfAbsent)
}

func javaOrder(keys []string, capacity int, insert func(*javaMap, javaKey)) []string {
	if len(keys) < 2 {
		return keys
	}
	m := javaMap{buckets: make([][]javaKey, capacity)}
	for _, key := range keys {
		insert(&m, javaKey{key, spread(uint32(checkpoint.StringHashCode(key)))})
	}
	ordered := make([]string, 0, len(keys))
	for _, bucket := range m.buckets {
		for _, key := range bucket {
			ordered = append(ordered, key.text)
		}
	}
	return ordered
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
	text string
	hash uint32
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
