//go:build interop

package circle

import (
	"context"
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/integration/interop/internal/oracle"
	"github.com/cairnstate/cairn/integration/interop/internal/random"
)

// scenarios are played in each version of the metadata.
const scenarios = 150

// TestWritten has Flink load what the coordinator writes in random jobs.
func TestWritten(t *testing.T) {
	flink, err := oracle.Build(context.WithoutCancel(t.Context()), "")
	if err != nil {
		t.Fatal(err)
	}
	words, err := random.Of(flink.Release)
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range flink.Writes {
		t.Run(fmt.Sprintf("v%d", version), func(t *testing.T) {
			p := disk(t)
			taken, refused := 0, 0
			for seed := range uint64(scenarios) {
				s := newScenario(t, p, seed, version, words)
				more, not := s.run(p.written, p.savepoints())
				taken, refused = taken+more, refused+not
			}
			t.Logf("%d random jobs: %d checkpoints and savepoints, %d refused for a reason", scenarios, taken, refused)
			if taken < 2*refused {
				t.Error("too few: that proves little")
			}
			p.written.check(t)
		})
	}
}
