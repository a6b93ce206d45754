package simulation

import (
	"bytes"
	"runtime"
	"testing"
)

// A seed is worth nothing if it does not do the same again: in this process, with
// fewer or more threads, told or not.
func TestTheSameSeedIsTheSameStory(t *testing.T) {
	for seed := uint64(1); seed <= 30; seed++ {
		once := Run(t, seed, Options{})
		for _, threads := range []int{1, 2, 8} {
			before := runtime.GOMAXPROCS(threads)
			again := Run(t, seed, Options{Story: new(bytes.Buffer)})
			runtime.GOMAXPROCS(before)
			if again.Digest != once.Digest || again.Steps != once.Steps {
				t.Fatalf("seed %d on %d threads: %d steps with digest %x, before %d with %x", seed, threads, again.Steps, again.Digest, once.Steps, once.Digest)
			}
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	seen := make(map[uint64]uint64)
	for seed := uint64(1); seed <= 30; seed++ {
		r := Run(t, seed, Options{})
		if other, twice := seen[r.Digest]; twice {
			t.Errorf("seeds %d and %d tell the same story", other, seed)
		}
		seen[r.Digest] = seed
	}
}
