package request_test

import (
	"testing"

	"github.com/cairnstate/cairn/coordinator/request"
)

// A queue that is nearly full, and a request that comes and goes.
func BenchmarkDecider(b *testing.B) {
	d := request.NewDecider(1, 0)
	for i := range request.MaxQueued - 1 {
		d.Submit(tick(i), busy(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		d.Submit(savepoint(0), busy(0))
		if d.Next(free(0)).Chosen == nil {
			b.Fatal("nothing was chosen")
		}
	}
}
