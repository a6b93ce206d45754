package random

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

var (
	edges = []int64{0, 1, -1, 255, 65536, math.MaxInt32, math.MinInt32, 1 << 40, math.MaxInt64, math.MinInt64}

	oddities = []string{
		"", "a", "_default_", "with space", "per%20cent", "naïve", "チェックポイント", "🪨", "a\x00b",
		"\u007f\u0080\u07ff\u0800\uffff", "x🪨\x00é/y", `quote"back\slash`, "\t\n",
	}

	// Each is a fixed point of Flink's Path.
	bases = []string{
		"s3://bucket/checkpoints/", "s3a://bucket/", "gs://b/", "file:/tmp/flink/", "hdfs://namenode:8020/ck/",
		"abfss://c@account.dfs.core.windows.net/", "oss://b/a b/", "/no/scheme/", "file:/größe/🪨/", "s3://b/100%25/#?&+/",
	}
	names = []string{"f0", "größe", "sub/dir/f", "a b", "🪨", "p%20c", "nul\x00byte"}
)

func (g *Generator) long() int64 {
	if g.chance(0.3) {
		return pick(g, edges)
	}
	return int64(g.rng.IntN(1 << 20))
}

func (g *Generator) natural() int64 { return g.long() & math.MaxInt64 }

// size of a file: -1 if the file system would not say.
func (g *Generator) size() int64 {
	if g.chance(0.03) {
		return -1
	}
	return g.natural()
}

func (g *Generator) longs(n int) []int64 {
	longs := make([]int64, n)
	for i := range longs {
		longs[i] = g.long()
	}
	return longs
}

func (g *Generator) bytes() []byte {
	n := g.upTo(100)
	if g.chance(0.05) {
		n = 5000
	}
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.BigEndian.AppendUint64(b, g.rng.Uint64())
	}
	return b[:n]
}

func (g *Generator) uuid() string {
	a, b := g.rng.Uint64(), g.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}

func (g *Generator) text() string {
	switch {
	case g.chance(0.6):
		return g.uuid()
	case g.chance(0.01):
		g.hit("text: 65535 bytes")
		return strings.Repeat("x", math.MaxUint16)
	case g.chance(0.02):
		g.hit("text: half a surrogate pair")
		return "half\xed\xa0\xbe" + pick(g, []string{"", "x", "\xed\xa0\xbe"})
	}
	g.hit("text: odd")
	return pick(g, oddities)
}

func (g *Generator) label() string {
	if g.chance(0.5) {
		return ""
	}
	return g.text()
}

// path returns an absolute path.
func (g *Generator) path() string { return pick(g, bases) + g.name() }

// name returns the name of a file; nearly always a UUID in real life.
func (g *Generator) name() string {
	if g.Reported || g.chance(0.8) {
		return g.uuid()
	}
	return pick(g, names)
}

// handleName returns the name of a handle that is no file.
func (g *Generator) handleName() string {
	if g.Reported {
		return g.uuid()
	}
	return g.text()
}
