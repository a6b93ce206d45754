// Command simulate runs seeds of package simulation, and stops at the first that
// breaks an invariant.
//
//	go run ./internal/simulation/cmd/simulate -seeds 100000 -from 1
//	go run ./internal/simulation/cmd/simulate -from 4711 -seeds 1 -story
//
// It is a test in the form of a command, because what it stands on (testing/synctest)
// is for tests alone.
package main

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/cairnstate/cairn/internal/simulation"
)

func main() {
	var s series
	flag.Uint64Var(&s.seeds, "seeds", 1000, "how many seeds to run")
	flag.Uint64Var(&s.from, "from", 1, "the first seed")
	flag.BoolVar(&s.story, "story", false, "tell all that happens")
	flag.BoolVar(&s.all, "all", false, "go on after a seed that fails")
	testing.Init()
	flag.Parse()
	all := func(string, string) (bool, error) { return true, nil }
	testing.Main(all, []testing.InternalTest{{Name: "Simulate", F: s.run}}, nil, nil)
}

// series is seeds in a row, and what came of them.
type series struct {
	from, seeds uint64
	story, all  bool

	began                     time.Time
	steps, completed, leaders int
	failed                    int
}

func (s *series) run(t *testing.T) {
	s.began = time.Now()
	last := s.from + s.seeds - 1
	for seed := s.from; seed <= last; seed++ {
		s.one(t, seed)
		if done := seed - s.from + 1; done%10_000 == 0 || seed == last || s.failed > 0 && !s.all {
			s.report(done)
		}
		if s.failed > 0 && !s.all {
			break
		}
	}
}

func (s *series) one(t *testing.T, seed uint64) {
	var opts simulation.Options
	if s.story {
		opts.Story = os.Stdout
	}
	r := simulation.Run(t, seed, opts)
	s.steps, s.completed, s.leaders = s.steps+r.Steps, s.completed+r.Completed, s.leaders+r.Leaders
	if r.Violation != nil {
		s.failed++
		t.Errorf("seed %d: %v", seed, r.Violation)
		fmt.Printf("seed %d: %v\n", seed, r.Violation)
	}
}

func (s *series) report(done uint64) {
	took := time.Since(s.began)
	fmt.Printf("%d seeds in %s, %.0f a second: %d steps, %d checkpoints, %d coordinators, %d seeds failed\n",
		done, took.Round(time.Second), float64(done)/took.Seconds(), s.steps, s.completed, s.leaders, s.failed)
}
