package restore

import "unicode/utf8"

// javaOrder returns keys in the order in which a java.util.HashMap iterates over
// them: by bucket, and within a bucket as inserted. keys are distinct and in the
// order of their insertion; capacity is that of the new map.
//
// The order decides which subtask SPLIT_DISTRIBUTE begins to deal with, name
// after name, so it has to be Java's.
func javaOrder(keys []string, capacity int) []string {
	if len(keys) < 2 {
		return keys
	}
	m := javaMap{buckets: make([][]javaKey, capacity)}
	for _, key := range keys {
		m.insert(javaKey{key, spread(javaHash(key))})
	}
	ordered := make([]string, 0, len(keys))
	for _, bucket := range m.buckets {
		for _, key := range bucket {
			ordered = append(ordered, key.text)
		}
	}
	return ordered
}

// javaDefaultCapacity is the table of new HashMap<>().
const javaDefaultCapacity = 16

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

func (m *javaMap) insert(key javaKey) {
	bucket := &m.buckets[key.hash&uint32(len(m.buckets)-1)]
	*bucket = append(*bucket, key)
	if len(*bucket) > javaTreeify && len(m.buckets) < javaMinTreeSize {
		m.double()
	}
	m.size++
	if m.size > len(m.buckets)*3/4 {
		m.double()
	}
}

func (m *javaMap) double() {
	old := m.buckets
	m.buckets = make([][]javaKey, 2*len(old))
	for _, bucket := range old {
		for _, key := range bucket {
			b := &m.buckets[key.hash&uint32(len(m.buckets)-1)]
			*b = append(*b, key)
		}
	}
}

// spread is HashMap.hash.
func spread(h uint32) uint32 { return h ^ h>>16 }

// javaHash is String.hashCode: over UTF-16 code units.
func javaHash(s string) uint32 {
	var h uint32
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 && isSurrogate(s[i:]) {
			r, size = rune(s[i]&0x0f)<<12|rune(s[i+1]&0x3f)<<6|rune(s[i+2]&0x3f), 3
		}
		i += size
		if r > 0xffff {
			r -= 0x10000
			h = 31*h + uint32(0xd800+r>>10)
			r = 0xdc00 + r&0x3ff
		}
		h = 31*h + uint32(r)
	}
	return h
}

// isSurrogate reports whether s begins with an unpaired surrogate, which Java
// strings may hold and UTF-8 has no form for.
func isSurrogate(s string) bool {
	return len(s) >= 3 && s[0] == 0xed && s[1] >= 0xa0 && s[1] <= 0xbf && s[2]&0xc0 == 0x80
}
