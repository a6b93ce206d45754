package state_test

import (
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task/state"
)

// full is the state of a subtask that owns all key groups, with so many keys.
func full(b *testing.B, keys int64) (*state.Backend, *state.KeyedState[int64, int64]) {
	backend := state.New(128, checkpoint.KeyGroups(0, 127))
	counts, err := state.Keyed(backend, "counts", state.Int64Key(), state.Int64())
	if err != nil {
		b.Fatal(err)
	}
	for key := range keys {
		counts.Put(key, key)
	}
	return backend, counts
}

// What stops records: it must not depend on how many keys there are, but only on how many
// changed since the last snapshot.
func BenchmarkSnapshot(b *testing.B) {
	for _, keys := range []int64{1000, 1_000_000} {
		for _, changed := range []int64{0, 1000} {
			b.Run(fmt.Sprintf("keys=%d/changed=%d", keys, changed), func(b *testing.B) {
				backend, counts := full(b, keys)
				for b.Loop() {
					backend.Snapshot().Release()
					for key := range changed {
						counts.Put(key, key)
					}
				}
			})
		}
	}
}
