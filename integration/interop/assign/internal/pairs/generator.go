package pairs

import (
	"fmt"
	"math/rand/v2"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/job"
)

// generator makes one pair.
type generator struct {
	*rand.Rand
	c *verdict.Case

	inFlight bool // an unaligned checkpoint
	finished bool // parts of the job had finished
	raw      bool // raw state too
	merged   bool // several channels to a handle
	segments bool // files merged
	old      bool // of before Flink 1.11: no coordinators, handles without ids

	outputs []int // by vertex: how many partitions it has
}

// Of returns the pair of a seed.
func Of(seed uint64) *verdict.Case {
	r := rand.New(rand.NewPCG(seed, 0x6361_6972_6e))
	g := &generator{
		Rand:     r,
		inFlight: r.IntN(3) == 0,
		finished: r.IntN(6) == 0,
		raw:      r.IntN(2) == 0,
		segments: r.IntN(6) == 0,
	}
	g.merged = g.inFlight && g.one(4)
	version := g.chooseVersion()
	g.c = &verdict.Case{
		Note:                    fmt.Sprintf("seed %d", seed),
		AllowNonRestored:        g.one(3),
		RecoverOutputDownstream: g.inFlight && g.one(4),
		Checkpoint:              newFile(version),
	}
	g.vertices()
	g.states()
	return readBack(g.c)
}

// one is true once in n times.
func (g *generator) one(n int) bool { return g.IntN(n) == 0 }

func pick[T any](g *generator, from ...T) T { return from[g.IntN(len(from))] }

// vertices makes the job.
func (g *generator) vertices() {
	g.outputs = make([]int, 4)
	operators := 0
	for v := range 1 + g.IntN(4) {
		vertex := job.Vertex{Parallelism: 1 + g.Int32N(9), MaxParallelism: pick[int32](g, 0, 0, 128, 16, 40)}
		if g.one(30) {
			vertex.Parallelism = 10 + g.Int32N(30)
			vertex.MaxParallelism = pick[int32](g, 0, 128)
		}
		for range pick(g, 1, 1, 2, 2, 3) {
			vertex.Operators = append(vertex.Operators, g.newOperator(operators))
			operators++
		}
		for from := range v {
			if g.one(2) {
				g.connect(&vertex, from)
			}
		}
		g.c.Vertices = append(g.c.Vertices, vertex)
	}
}

func (g *generator) newOperator(number int) job.Operator {
	op := job.Operator{UID: fmt.Sprintf("operator %d", number)}
	op.ID = checkpoint.OperatorIDFromUID(op.UID)
	if g.one(5) {
		hash := checkpoint.OperatorIDFromUID("hash of " + op.UID)
		op.UserDefined = &hash
	}
	return op
}

// connect makes an edge, and now and then two.
func (g *generator) connect(v *job.Vertex, from int) {
	for range pick(g, 1, 1, 1, 1, 1, 1, 1, 2) {
		in := job.Input{From: from, Output: g.outputs[from], Pattern: job.Pattern(g.IntN(2))}
		in.Upstream, in.Downstream = g.mappers()
		g.outputs[from]++
		v.Inputs = append(v.Inputs, in)
	}
}

func (g *generator) mappers() (upstream, downstream job.SubtaskStateMapper) {
	if g.one(12) {
		return job.Unsupported, job.Unsupported
	}
	upstream, downstream = job.SubtaskStateMapper(g.IntN(5)), job.SubtaskStateMapper(g.IntN(5))
	if !g.one(3) {
		upstream = job.Arbitrary // as all partitioners of Flink have it
	}
	return upstream, downstream
}
