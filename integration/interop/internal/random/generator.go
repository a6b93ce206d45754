package random

import (
	"math/rand/v2"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// Generator makes checkpoints.
type Generator struct {
	// Canonical keeps to what Flink itself would write, down to the byte: no
	// encodings that it has replaced, no value that it fills in on reading, no
	// two names in a hash map.
	Canonical bool

	// Reported keeps to what tasks report to a coordinator: a name is that of one
	// state, and files to be shared have absolute paths.
	Reported bool

	// Hits counts what was made.
	Hits map[string]int

	version int
	words   Vocabulary
	rng     *rand.Rand
}

// New returns a generator of checkpoints of a metadata version, for a release.
func New(seed uint64, version int, words Vocabulary) *Generator {
	return &Generator{
		Hits:    map[string]int{},
		version: version,
		words:   words,
		rng:     rand.New(rand.NewPCG(seed, uint64(version))),
	}
}

// File returns the next checkpoint.
func (g *Generator) File() *metadata.File {
	f := &metadata.File{
		Version:           g.version,
		EarlyChannelState: g.words.EarlyChannelState(),
		EarlyChangelog:    g.words.EarlyChangelog(),
		Metadata: checkpoint.Metadata{
			CheckpointID: g.natural(),
			Properties:   g.properties(),
		},
	}
	for range g.few(0.3, 3) {
		g.hit("master state")
		f.MasterStates = append(f.MasterStates, checkpoint.MasterState{
			Name: g.text(), Version: int32(g.long()), Payload: g.bytes(),
		})
	}
	for range g.upTo(4) {
		f.Operators = append(f.Operators, g.operator())
	}
	return f
}

func (g *Generator) hit(feature string) { g.Hits[feature]++ }

func (g *Generator) chance(probability float64) bool { return g.rng.Float64() < probability }

// upTo returns a number from 0 to limit, both included.
func (g *Generator) upTo(limit int) int { return g.rng.IntN(limit + 1) }

// few returns 0, or with the given probability a number from 1 to limit.
func (g *Generator) few(probability float64, limit int) int {
	if !g.chance(probability) {
		return 0
	}
	return 1 + g.rng.IntN(limit)
}

func pick[T any](g *Generator, from []T) T { return from[g.rng.IntN(len(from))] }
