package state_test

import (
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/state"
)

// million returns keyed state of a million keys, of which 128 key groups have some.
func million(b *testing.B) (*state.Backend, *state.KeyedState[int64, int64]) {
	b.Helper()
	backend := state.New(128, checkpoint.KeyGroups(0, 127))
	numbers, err := state.Keyed(backend, "numbers", state.Int64Key(), state.Int64())
	if err != nil {
		b.Fatal(err)
	}
	for n := range int64(1_000_000) {
		numbers.Put(n, n)
	}
	return backend, numbers
}

// The pause that a checkpoint makes, of a million keys.
func BenchmarkSnapshot(b *testing.B) {
	backend, numbers := million(b)
	for b.Loop() {
		numbers.Put(1, 1)
		backend.Snapshot().Release()
	}
}

// Changes of state, while nothing is written and while something is.
func BenchmarkPut(b *testing.B) {
	for _, writing := range []bool{false, true} {
		b.Run(fmt.Sprint("writing=", writing), func(b *testing.B) {
			backend, numbers := million(b)
			if writing {
				defer backend.Snapshot().Release()
			}
			n := int64(0)
			for b.Loop() {
				old, _ := numbers.Get(n % 1_000_000)
				numbers.Put(n%1_000_000, old+1)
				n++
			}
		})
	}
}

// A checkpoint of a million keys, beside the records.
func BenchmarkWrite(b *testing.B) {
	backend, _ := million(b)
	w := newWorld(b, new(mem.Backend))
	for b.Loop() {
		written, err := backend.Snapshot().Write(b.Context(), w.streams(b), checkpoint.CheckpointType)
		must(b, err)
		b.SetBytes(written.ManagedKeyedState.StateSize())
	}
}
