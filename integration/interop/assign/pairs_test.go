//go:build interop

package assign

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/integration/interop/assign/internal/excuse"
	"github.com/cairnstate/cairn/integration/interop/assign/internal/feature"
	"github.com/cairnstate/cairn/integration/interop/assign/internal/judge"
	"github.com/cairnstate/cairn/integration/interop/assign/internal/pairs"
	"github.com/cairnstate/cairn/integration/interop/assign/internal/shrink"
	"github.com/cairnstate/cairn/internal/verdict"
)

// enoughDifferences is how many are told: the hundredth says no more than the third.
const enoughDifferences = 3

// mostExcused is the share of pairs that may differ on purpose.
const mostExcused = 0.07

var built = sync.OnceValues(func() (string, error) { return judge.Build(context.Background()) })

func startJudge(t *testing.T) *judge.Judge {
	t.Helper()
	classpath, err := built()
	if err != nil {
		t.Fatal(err)
	}
	j, err := judge.Start(context.WithoutCancel(t.Context()), classpath)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Errorf("the judge ended badly: %v", err)
		}
	})
	return j
}

func setting(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestPairs compares random pairs, and fails too if a rule was never met.
func TestPairs(t *testing.T) {
	count, seed := setting(t, "CAIRN_PAIRS", 20_000), setting(t, "CAIRN_SEED", 1)
	// Two at a time: while one waits for its JVM, the other decides.
	const judges = 2
	var all feature.Counts
	var lock sync.Mutex
	t.Run("seeds", func(t *testing.T) {
		for first := range judges {
			t.Run(strconv.Itoa(first), func(t *testing.T) {
				t.Parallel()
				b := bench{Judge: startJudge(t)}
				for i := first; i < count && b.differences < enoughDifferences; i += judges {
					b.try(t, pairs.Of(uint64(seed+i)))
				}
				lock.Lock()
				defer lock.Unlock()
				all.Merge(&b.counts)
			})
		}
	})
	t.Logf("seeds %d to %d:\n%s", seed, seed+count-1, &all)
	if share := all.Excused(); share > mostExcused {
		t.Errorf("%.1f%% of the pairs are excused; that hides more than it should", 100*share)
	}
	for _, name := range all.Missing() {
		t.Errorf("no pair was one of %q", name)
	}
}

// bench is a judge, and what it has seen.
type bench struct {
	*judge.Judge
	counts      feature.Counts
	differences int
}

func (b *bench) try(t *testing.T, c *verdict.Case) {
	t.Helper()
	ours, theirs, name := b.both(t, c)
	b.counts.Add(c, ours)
	if name != excuse.None {
		b.counts.Excuse(name, c)
	}
	if slices.Equal(ours, theirs) || name != excuse.None {
		return
	}
	b.differences++
	small := shrink.While(c, func(c *verdict.Case) bool {
		ours, theirs, excused := b.both(t, c)
		return ours != nil && excused == excuse.None && !slices.Equal(ours, theirs)
	})
	b.tell(t, c.Note, small)
}

// both returns what cairn and Flink say; nothing of what is no job. What excuses
// a difference comes with them.
func (b *bench) both(t *testing.T, c *verdict.Case) (ours, theirs []string, excused string) {
	t.Helper()
	ours, err := verdict.Of(c)
	if err != nil {
		return nil, nil, excuse.None
	}
	theirs = b.flink(t, c)
	if slices.Equal(ours, theirs) {
		return ours, theirs, excuse.None
	}
	excused, err = excuse.For(c, ours, b.Verdict)
	if err != nil {
		t.Fatal(err)
	}
	return ours, theirs, excused
}

func (b *bench) flink(t *testing.T, c *verdict.Case) []string {
	t.Helper()
	theirs, err := b.Verdict(c)
	if err != nil {
		t.Fatal(err)
	}
	return theirs
}

func (b *bench) tell(t *testing.T, note string, small *verdict.Case) {
	t.Helper()
	small.Note = note
	small.Flink = b.flink(t, small)
	ours, _ := verdict.Of(small)
	text, err := json.Marshal(small)
	if err != nil {
		t.Fatal(err)
	}
	t.Errorf("%s differs; shrunk, it is\n%s", note, text)
	for _, line := range small.Flink {
		if !slices.Contains(ours, line) {
			t.Logf("Flink: %s", line)
		}
	}
	for _, line := range ours {
		if !slices.Contains(small.Flink, line) {
			t.Logf("cairn: %s", line)
		}
	}
	for i := range small.Vertices {
		v := &small.Vertices[i]
		t.Logf("vertex %d: parallelism %d, max %d, %d operators, inputs %v", i, v.Parallelism, v.MaxParallelism, len(v.Operators), v.Inputs)
	}
}
