package spans_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/storage/internal/spans"
)

// TestEachByteCountsOnce compares with a byte for each byte.
func TestEachByteCountsOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var set spans.Set
		var seen [100]bool
		sum := int64(0)
		for range 30 {
			offset, n, want := random.Int64N(90), random.Int64N(10), int64(0)
			for i := offset; i < offset+n; i++ {
				if !seen[i] {
					seen[i] = true
					want++
				}
			}
			sum += want
			if got := set.Add(offset, n); got != want || set.Sum() != sum {
				t.Fatalf("%d bytes at %d are %d new ones of %d, want %d of %d", n, offset, got, set.Sum(), want, sum)
			}
			if whole, end := edges(seen[:]); set.Whole() != whole || set.End() != end {
				t.Fatalf("%d without a gap, the last at %d; want %d and %d", set.Whole(), set.End(), whole, end)
			}
		}
	}
}

// edges returns how many bytes there are before the first gap, and the end of the last.
func edges(seen []bool) (whole, end int64) {
	gap := false
	for i, here := range seen {
		switch {
		case !here:
			gap = true
		case !gap:
			whole = int64(i) + 1
		}
		if here {
			end = int64(i) + 1
		}
	}
	return whole, end
}

func TestManyMayAdd(t *testing.T) {
	var set spans.Set
	var done sync.WaitGroup
	for i := range 8 {
		done.Go(func() {
			for at := range int64(1000) {
				set.Add((at*int64(i+1))%1000, 1)
			}
		})
	}
	done.Wait()
	if set.Sum() != 1000 {
		t.Errorf("%d bytes, want 1000", set.Sum())
	}
}
