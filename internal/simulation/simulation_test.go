package simulation

import (
	"flag"
	"os"
	"testing"
	"time"
)

var (
	seeds = flag.Uint64("seeds", 300, "how many seeds to run")
	from  = flag.Uint64("from", 1, "the first of them")
	tell  = flag.Bool("story", false, "print what happens in each run")
)

func TestSeeds(t *testing.T) {
	began := time.Now()
	steps, completed, leaders := 0, 0, 0
	for seed := *from; seed < *from+*seeds; seed++ {
		var opts Options
		if *tell {
			opts.Story = os.Stdout
		}
		r := Run(t, seed, opts)
		steps, completed, leaders = steps+r.Steps, completed+r.Completed, leaders+r.Leaders
		if r.Violation != nil {
			t.Errorf("seed %d: %v; to see how: go run ./internal/simulation/cmd/simulate -from %d -seeds 1 -story", seed, r.Violation, seed)
		}
	}
	t.Logf("%d seeds in %s: %d steps, %d checkpoints, %d leaders", *seeds, time.Since(began), steps, completed, leaders)
}
