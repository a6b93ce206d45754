package sharedstate_test

import (
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// Ten checkpoints of 100,000 files each, nine in ten taken over from the one
// before; each pushes the one before out.
func BenchmarkRegisterAndUnregister(b *testing.B) {
	const checkpoints, files, fresh = 10, 100_000, 10_000
	retained := make([]sharedstate.Restored, checkpoints)
	for id := range retained {
		paths := make([]string, files)
		for i := range paths {
			paths[i] = fmt.Sprintf("s3://bucket/job/shared/%06d", id*fresh+i)
		}
		retained[id] = owned(int64(id), shared(paths...))
	}
	b.ReportAllocs()
	for b.Loop() {
		r := sharedstate.New()
		deleted := 0
		for id, cp := range retained {
			if err := r.Register(cp); err != nil {
				b.Fatal(err)
			}
			deleted += len(r.UnregisterUnused(int64(id)).Deletions)
		}
		if deleted != (checkpoints-1)*fresh {
			b.Fatalf("%d deletions", deleted)
		}
	}
	b.ReportMetric(float64(b.N)*checkpoints*files/b.Elapsed().Seconds(), "handles/s")
}
