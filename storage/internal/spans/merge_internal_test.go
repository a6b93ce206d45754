package spans

import (
	"math/rand/v2"
	"testing"
)

// What touches is one: a set takes memory for its gaps, and not for all that came.
func TestWhatTouchesIsOne(t *testing.T) {
	var set Set
	for _, at := range rand.New(rand.NewPCG(3, 4)).Perm(1000) {
		set.Add(int64(at)*7, 7)
	}
	if len(set.spans) != 1 || set.Whole() != 7000 {
		t.Errorf("%d spans, %d bytes without a gap", len(set.spans), set.Whole())
	}
}
