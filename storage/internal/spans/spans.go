// Package spans counts the bytes of something that comes in pieces, in any order and
// some of it twice: each byte counts when it comes first.
//
// What is uploaded is read from several goroutines, for a checksum and then to be
// sent, and again if a part was lost on its way. How often, nobody outside can know;
// but how much of it there is, those who count, limit and wait have to. And what is
// downloaded in ranges is there only when none of them is missing.
package spans

import (
	"cmp"
	"slices"
	"sync"
)

// Set is what has come. Its zero value is empty and ready. It is safe for use by many
// goroutines at once.
type Set struct {
	mu    sync.Mutex
	spans []span // guarded by mu; ascending, and no two of them touch
	sum   int64  // guarded by mu
}

type span struct{ from, to int64 }

// Add takes n bytes at the offset, and returns how many of them are new.
func (s *Set) Add(offset, n int64) int64 {
	if n <= 0 {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	whole, known := span{offset, offset + n}, int64(0)
	first, _ := slices.BinarySearchFunc(s.spans, offset, func(s span, at int64) int { return cmp.Compare(s.to, at) })
	next := first
	for ; next < len(s.spans) && s.spans[next].from <= offset+n; next++ {
		old := s.spans[next]
		known += min(old.to, offset+n) - max(old.from, offset)
		whole = span{min(whole.from, old.from), max(whole.to, old.to)}
	}
	s.spans = slices.Replace(s.spans, first, next, whole)
	s.sum += n - known
	return n - known
}

// Sum returns how many bytes have come.
func (s *Set) Sum() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sum
}

// Whole returns how many bytes have come without a gap, from the first on.
func (s *Set) Whole() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.spans) == 0 || s.spans[0].from > 0 {
		return 0
	}
	return s.spans[0].to
}

// End returns the end of the last byte that has come.
func (s *Set) End() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.spans) == 0 {
		return 0
	}
	return s.spans[len(s.spans)-1].to
}
