package jobgraph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/job/jobgraph"
	"github.com/cairnstate/cairn/job/stream"
)

// names returns the names of the vertices, which tell the chains.
func names(g *jobgraph.Graph) string {
	var all []string
	for _, v := range g.Vertices {
		all = append(all, v.Name)
	}
	return strings.Join(all, " | ")
}

func TestChains(t *testing.T) {
	type env = stream.Environment
	opts := func(o stream.Options) *stream.Options { return &o }
	for want, write := range map[string]func(e *env){
		"Source: a -> b -> Sink: c": func(e *env) { e.Source("a", nil).Transform("b", nil).Sink("c", nil) },
		"Sink: c | b | Source: a":   func(e *env) { e.Chaining = false; e.Source("a", nil).Transform("b", nil).Sink("c", nil) },
		"b -> Sink: c | Source: a":  func(e *env) { e.Source("a", nil).Rebalance().Transform("b", nil).Sink("c", nil) },
		"b -> Sink: d | Source: a": func(e *env) {
			e.Source("a", nil).Transform("b", opts(stream.Options{Chaining: stream.ChainHead})).Sink("d", nil)
		},
		"Sink: d | b | Source: a": func(e *env) {
			e.Source("a", nil).Transform("b", opts(stream.Options{Chaining: stream.ChainNever})).Sink("d", nil)
		},
		"Sink: s | Source: a":  func(e *env) { e.Source("a", nil).Sink("s", opts(stream.Options{Parallelism: 2})) },
		"Sink: g | Source: a":  func(e *env) { e.Source("a", nil).Sink("g", opts(stream.Options{SlotSharingGroup: "g"})) },
		"Source: a -> Sink: m": func(e *env) { e.Source("a", nil).Sink("m", opts(stream.Options{MaxParallelism: 8})) },
		"Sink: n | Source: a": func(e *env) {
			e.ChainDifferentMaxParallelism = false
			e.Source("a", nil).Sink("n", opts(stream.Options{MaxParallelism: 8}))
		},
		"Source: a -> (Sink: x, Sink: y)": func(e *env) { a := e.Source("a", nil); a.Sink("x", nil); a.Sink("y", nil) },
		"Sink: u | Source: a":             func(e *env) { a := e.Source("a", nil); a.Union(a.Stream).Sink("u", nil) },
		"two [Source: a, Source: b]": func(e *env) {
			e.Connect("two", opts(stream.Options{Chaining: stream.ChainHeadWithSources}), e.Source("a", nil).Stream, e.Source("b", nil).Stream)
		},
		"three [Source: a] | Source: b": func(e *env) {
			e.Connect("three", opts(stream.Options{Chaining: stream.ChainHeadWithSources}), e.Source("a", nil).Stream, e.LegacySource("b", nil).Stream)
		},
		"union [Source: c] | Source: a | Source: b": func(e *env) {
			a, b, c := e.Source("a", nil), e.Source("b", nil), e.Source("c", nil)
			e.Connect("union", opts(stream.Options{Chaining: stream.ChainHeadWithSources}), a.Union(b.Stream), c.Stream)
		},
		"Source: a -> b -> wait": func(e *env) {
			e.Source("a", nil).Transform("b", nil).Transform("wait", opts(stream.Options{Yielding: true}))
		},
		"wait | Source: l -> b": func(e *env) {
			e.LegacySource("l", nil).Transform("b", nil).Transform("wait", opts(stream.Options{Yielding: true}))
		},
	} {
		if got := names(good(t, write)); got != want {
			t.Errorf("chains %q, want %q", got, want)
		}
	}
}

// A graph that is made by hand may say forward where it cannot be.
func TestChainsHaveOneParallelism(t *testing.T) {
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		t.Fatal(err)
	}
	env.Source("a", nil).Sink("b", nil)
	g, err := env.Graph()
	if err != nil {
		t.Fatal(err)
	}
	g.Nodes[1].Parallelism = 2
	if made, err := jobgraph.New(g); err != nil || len(made.Vertices) != 2 {
		t.Errorf("%s, %v", names(made), err)
	}
}

// A long chain is as fast as its length, also if each operator asks for the chain's head.
func TestLongChain(t *testing.T) {
	g := good(t, func(env *stream.Environment) {
		s := env.Source("a", nil).Stream
		for i := range 2000 {
			s = s.Transform(fmt.Sprint(i), &stream.Options{Yielding: true}).Stream
		}
	})
	if len(g.Vertices) != 1 || len(g.Vertices[0].Operators) != 2001 {
		t.Errorf("%d vertices", len(g.Vertices))
	}
}
