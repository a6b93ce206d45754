package storagetest

import (
	"context"
	"runtime/pprof"
	"testing"
)

// TestGoroutinesAreCounted has one group of goroutines that is the largest, and one
// that is not: the profile shows the two in different ways.
func TestGoroutinesAreCounted(t *testing.T) {
	for mark, n := range map[string]int{"many": 500, "few": 3} {
		pprof.Do(t.Context(), pprof.Labels(label, mark), func(context.Context) {
			for range n {
				go func() { <-t.Context().Done() }()
			}
		})
	}
	if many, few := countGoroutines("many"), countGoroutines("few"); many != 500 || few != 3 {
		t.Errorf("counted %d and %d goroutines, want 500 and 3", many, few)
	}
}
