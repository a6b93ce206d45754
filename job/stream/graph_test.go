package stream_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/configuration"
	"github.com/cairnstate/cairn/job/stream"
)

func environment(t *testing.T) *stream.Environment {
	t.Helper()
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func graphOf(t *testing.T, env *stream.Environment) *stream.Graph {
	t.Helper()
	g, err := env.Graph()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTheLastPartitioningHolds(t *testing.T) {
	env := environment(t)
	a := env.Source("a", nil)
	a.Broadcast().Rebalance().KeyBy().KeyBy().Sink("b", nil)
	a.Rescale().Shuffle().Sink("c", nil)
	g := graphOf(t, env)
	if g.Edges[0].Partitioner.Name != "hash" || g.Edges[1].Partitioner.Name != "shuffle" {
		t.Errorf("edges %+v", g.Edges)
	}
}

func TestStreamsAreValues(t *testing.T) {
	env := environment(t)
	a := env.Source("a", nil)
	a.KeyBy()
	a.Union(a.Stream).Global()
	a.Sink("b", nil)
	if g := graphOf(t, env); len(g.Edges) != 1 || g.Edges[0].Partitioner.Name != "forward" {
		t.Errorf("edges %+v", g.Edges)
	}
}

func TestSourcesThatNobodyReadsAreNotInTheGraph(t *testing.T) {
	env := environment(t)
	env.Source("unread", nil).KeyBy()
	env.Source("read", nil).Sink("sink", nil)
	if g := graphOf(t, env); len(g.Nodes) != 2 || g.Nodes[0].Name != "Source: read" || g.Edges[0].To != 1 {
		t.Errorf("%+v", g)
	}
}

func TestSlotSharingGroups(t *testing.T) {
	env := environment(t)
	a := env.Source("a", &stream.Options{SlotSharingGroup: "x"})
	b := env.Source("b", nil)
	inherited := a.Transform("inherited", nil)
	env.Connect("mixed", nil, a.Stream, b.Stream)
	env.Connect("agreed", nil, a.Stream, inherited.Stream)
	inherited.Transform("chosen", &stream.Options{SlotSharingGroup: "default"})
	for _, n := range graphOf(t, env).Nodes {
		want := map[string]string{"Source: a": "x", "inherited": "x", "agreed": "x"}[n.Name]
		if want == "" {
			want = "default"
		}
		if n.SlotSharingGroup != want {
			t.Errorf("%s is in %s, want %s", n.Name, n.SlotSharingGroup, want)
		}
	}
}

func TestInputsAreCounted(t *testing.T) {
	env := environment(t)
	a, b := env.Source("a", nil), env.Source("b", nil)
	env.Connect("two", nil, a.Union(b.Stream), b.Stream)
	a.Union(b.Stream).Sink("one", nil)
	var inputs []int
	for _, e := range graphOf(t, env).Edges {
		inputs = append(inputs, e.Input)
	}
	if got := inputs; len(got) != 5 || got[0] != 1 || got[1] != 1 || got[2] != 2 || got[3] != 0 || got[4] != 0 {
		t.Errorf("inputs %v", got)
	}
}

// One edge that cannot be unaligned keeps the others of its consumer from it.
func TestUnalignedEdges(t *testing.T) {
	env := environment(t)
	a := env.Source("a", nil)
	a.Rebalance().Union(a.Broadcast()).Sink("mixed", nil)
	a.Rebalance().Union(a.KeyBy()).Sink("all", nil)
	a.Sink("forward", nil)
	for i, want := range []bool{false, false, true, true, false} {
		if got := graphOf(t, env).Edges[i].SupportsUnaligned; got != want {
			t.Errorf("edge %d: %t, want %t", i, got, want)
		}
	}
}

func TestProblems(t *testing.T) {
	other := environment(t).Source("elsewhere", nil)
	for want, write := range map[string]func(env *stream.Environment){
		"no operators":             func(env *stream.Environment) { env.Parallelism = 2 },
		"no operators are defined": func(env *stream.Environment) { env.Source("a", nil) },
		"forward from Source: a takes": func(env *stream.Environment) {
			env.Source("a", nil).Forward().Sink("b", &stream.Options{Parallelism: 2})
		},
		"partitioned by key":           func(env *stream.Environment) { env.Source("a", nil).KeyBy().Rebalance().Sink("b", nil) },
		"parallelism -1 is less":       func(env *stream.Environment) { env.Source("a", &stream.Options{Parallelism: -1}).Sink("b", nil) },
		"max parallelism 32769":        func(env *stream.Environment) { env.Source("a", &stream.Options{MaxParallelism: 32769}).Sink("b", nil) },
		"b: has no inputs":             func(env *stream.Environment) { env.Connect("b", nil) },
		"b: reads a stream of another": func(env *stream.Environment) { env.Connect("b", nil, other.Stream) },
		"union: takes a stream":        func(env *stream.Environment) { env.Source("a", nil).Union(other.Stream).Sink("b", nil) },
		"max parallelism -5 is not":    func(env *stream.Environment) { env.MaxParallelism = -5; env.Source("a", nil).Sink("b", nil) },
	} {
		env := environment(t)
		write(env)
		_, err := env.Graph()
		if _, ok := errors.AsType[*stream.Problem](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want …%s…", err, want)
		}
	}
}

func TestEnvironmentReadsItsConfiguration(t *testing.T) {
	env, err := stream.NewEnvironment(configuration.Of(map[string]string{
		"parallelism.default": "3", "pipeline.max-parallelism": "256", "pipeline.operator-chaining": "false",
		"pipeline.operator-chaining.chain-operators-with-different-max-parallelism": "false", "execution.checkpointing.interval": "1 min",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if env.Parallelism != 3 || env.MaxParallelism != 256 || env.Chaining || env.ChainDifferentMaxParallelism || env.Checkpointing.Interval != time.Minute {
		t.Errorf("%+v", env)
	}
	_, err = stream.NewEnvironment(configuration.Of(map[string]string{"parallelism.default": "x", "execution.checkpointing.mode": "y"}))
	if err == nil || !strings.Contains(err.Error(), "parallelism.default") || !strings.Contains(err.Error(), "checkpointing.mode") {
		t.Errorf("two errors: %v", err)
	}
}

func TestEnableCheckpointing(t *testing.T) {
	env := environment(t)
	if err := env.EnableCheckpointing(time.Minute); err != nil {
		t.Fatal(err)
	}
	for _, d := range []time.Duration{-1, 0, checkpointing.MinimalTime - 1} {
		if _, ok := errors.AsType[*checkpointing.OptionError](env.EnableCheckpointing(d)); !ok || env.Checkpointing.Interval != time.Minute {
			t.Errorf("an interval of %v is taken", d)
		}
	}
}
