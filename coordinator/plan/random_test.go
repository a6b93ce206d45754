package plan_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/task"
)

// In any graph, whatever has finished: who waits for a barrier gets one from above, and
// who has nobody above gets it from the coordinator, and nobody gets both. Then it
// reaches all, and the checkpoint can complete.
func TestBarriersReachAll(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		g := run(t, randomLines(r)...)
		p, err := plan.Calculate(g.job, g.current, true)
		if err != nil {
			continue // all have finished
		}
		triggered, reached := g.names(p.Trigger), map[*plan.Execution]bool{}
		for i, v := range g.job.Vertices() {
			for subtask := range g.current[i] {
				e := &g.current[i][subtask]
				if e.State != task.Running {
					continue
				}
				above := slices.ContainsFunc(g.producers(v, subtask), func(p *plan.Execution) bool { return reached[p] })
				if asked := has(triggered, fmt.Sprint(v.Name, subtask)); asked == above {
					t.Fatalf("seed %d: subtask %d of %s: triggered %v, barrier from above %v", seed, subtask, v.Name, asked, above)
				}
				reached[e] = true
			}
		}
	}
}

func has(list, name string) bool { return slices.Contains(strings.Fields(list), name) }

func randomLines(r *rand.Rand) []string {
	var lines []string
	for i := range 1 + r.IntN(6) {
		line := fmt.Sprintf("v%d_ ", i)
		finished := r.IntN(4) // of three
		for range 1 + r.IntN(5) {
			line += map[bool]string{true: "F", false: "R"}[r.IntN(3) < finished]
		}
		for from := range i {
			if r.IntN(2) == 0 {
				line += fmt.Sprintf(" %cv%d_", ">="[r.IntN(2)], from)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// producers finds whom a subtask reads from, the slow way: a pointwise edge deals the
// side that has more subtasks out to the other, in shares that differ by one at most.
func (g running) producers(v *job.Vertex, subtask int) []*plan.Execution {
	var all []*plan.Execution
	for _, in := range v.Inputs {
		producers := g.current[in.From]
		for i := range producers {
			if in.Pattern == job.AllToAll || connected(i, len(producers), subtask, int(v.Parallelism)) {
				all = append(all, &producers[i])
			}
		}
	}
	return all
}

func connected(producer, producers, consumer, consumers int) bool {
	if producers >= consumers {
		return consumer*producers/consumers <= producer && producer < (consumer+1)*producers/consumers
	}
	// The consumers of a producer begin at the first one whose share it has a part of.
	return (producer*consumers+producers-1)/producers <= consumer && consumer < ((producer+1)*consumers+producers-1)/producers
}
