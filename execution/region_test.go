package execution

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
)

// groups expands a job and returns its regions, as the names of their subtasks.
func groups(t *testing.T, vertices ...job.Vertex) string {
	t.Helper()
	r := newRig(t, nil, vertices...)
	return described(r.Graph)
}

func described(g *Graph) string {
	var all []string
	seen := map[*region]bool{}
	for _, s := range g.subtasks {
		if seen[s.region] {
			continue
		}
		seen[s.region] = true
		var names []string
		for _, member := range s.region.subtasks {
			names = append(names, fmt.Sprintf("%s%d", g.job.Vertex(member.vertex).Name, member.current.id.Subtask))
		}
		all = append(all, strings.Join(names, "+"))
	}
	return strings.Join(all, " ")
}

func TestRegions(t *testing.T) {
	for want, vertices := range map[string][]job.Vertex{
		"a0 a1":                   {vertex("a", 2)},
		"a0+b0 a1+b1":             {vertex("a", 2), vertex("b", 2, forward(0))},
		"a0+b0+b1 a1+b2+b3":       {vertex("a", 2), vertex("b", 4, forward(0))},
		"a0+a1+b0 a2+a3+b1":       {vertex("a", 4), vertex("b", 2, forward(0))},
		"a0+b0+b1 a1+b2":          {vertex("a", 2), vertex("b", 3, forward(0))},
		"a0+b0 a1+a2+b1":          {vertex("a", 3), vertex("b", 2, forward(0))},
		"a0+a1+b0+b1+b2":          {vertex("a", 2), vertex("b", 3, hash(0))},
		"a0+b0+c0 a1+b1+c1":       {vertex("a", 2), vertex("b", 2), vertex("c", 2, forward(0), forward(1))},
		"a0+a1+b0+b1+c0+c1":       {vertex("a", 2), vertex("b", 2, hash(0)), vertex("c", 2, forward(1))},
		"a0+c0 a1+c1 b0+d0 b1+d1": {vertex("a", 2), vertex("b", 2), vertex("c", 2, forward(0)), vertex("d", 2, forward(1))},
		"a0+b0 a1+b1 c0":          {vertex("a", 2, forward(1)), vertex("b", 2), vertex("c", 1)}, // consumers first
	} {
		if got := groups(t, vertices...); got != want {
			t.Errorf("regions %s, want %s", got, want)
		}
	}
}

// Random jobs, against a walk from subtask to subtask over each connection.
func TestRegionsByWalking(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 0))
		var vertices []job.Vertex
		for i := range 1 + random.IntN(6) {
			v := vertex(string(rune('a'+i)), 1+random.Int32N(7))
			for from := range i {
				if random.IntN(3) == 0 {
					v.Inputs = append(v.Inputs, []job.Input{forward(from), forward(from), hash(from)}[random.IntN(3)])
				}
			}
			vertices = append(vertices, v)
		}
		r := newRig(t, nil, vertices...)
		connected := walk(r.Graph)
		for _, a := range r.subtasks {
			for _, b := range r.subtasks {
				if (a.region == b.region) != connected[a.number][b.number] {
					t.Fatalf("seed %d: regions %s, but %d and %d are connected: %t", seed, described(r.Graph), a.number, b.number, connected[a.number][b.number])
				}
			}
		}
	}
}

// walk tells who can be reached from whom, by the shortest program that can.
func walk(g *Graph) [][]bool {
	reach := make([][]bool, len(g.subtasks))
	for i := range reach {
		reach[i] = make([]bool, len(g.subtasks))
		reach[i][i] = true
	}
	for to, v := range g.job.Vertices() {
		for _, in := range v.Inputs {
			for i, c := range g.vertices[to] {
				for n, p := range g.vertices[in.From] {
					first, last := plan.Feeders(i, len(g.vertices[in.From]), len(g.vertices[to]))
					if in.Pattern == job.AllToAll || first <= n && n <= last {
						reach[p.number][c.number], reach[c.number][p.number] = true, true
					}
				}
			}
		}
	}
	for via := range reach {
		for a := range reach {
			for b := range reach {
				reach[a][b] = reach[a][b] || reach[a][via] && reach[via][b]
			}
		}
	}
	return reach
}

// What is not known to be apart fails together.
func TestUnknownEdges(t *testing.T) {
	states := []checkpoint.OperatorState{
		{ID: checkpoint.OperatorID{1}, Name: "a", Parallelism: 2, MaxParallelism: 128},
		{ID: checkpoint.OperatorID{2}, Name: "b", Parallelism: 1, MaxParallelism: 128},
	}
	j, err := job.FromMetadata(&checkpoint.Metadata{Operators: states}, job.Parallelism{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(checkpoint.JobID{1}, j, &rig{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := described(g); got != "a0+a1+b0" {
		t.Errorf("regions %s", got)
	}
}
