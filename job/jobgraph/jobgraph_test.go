package jobgraph_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/jobgraph"
	"github.com/cairnstate/cairn/job/stream"
)

// made returns the job graph of what is written down.
func made(t *testing.T, write func(env *stream.Environment)) (*jobgraph.Graph, error) {
	t.Helper()
	env, err := stream.NewEnvironment(nil)
	if err != nil {
		t.Fatal(err)
	}
	write(env)
	g, err := env.Graph()
	if err != nil {
		t.Fatal(err)
	}
	return jobgraph.New(g)
}

func good(t *testing.T, write func(env *stream.Environment)) *jobgraph.Graph {
	t.Helper()
	g, err := made(t, write)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func ids(g *jobgraph.Graph) map[string]checkpoint.OperatorID {
	all := map[string]checkpoint.OperatorID{}
	for _, v := range g.Vertices {
		for _, op := range v.Operators {
			all[op.Name] = op.ID
		}
	}
	return all
}

// An operator before another changes the id of the other, unless a uid holds it.
func TestIDs(t *testing.T) {
	write := func(more bool) func(*stream.Environment) {
		return func(env *stream.Environment) {
			s := env.Source("a", nil).Stream
			if more {
				s = s.Transform("more", nil).Stream
			}
			s.Transform("held", &stream.Options{UID: "held"}).Transform("loose", nil)
		}
	}
	short, long := ids(good(t, write(false))), ids(good(t, write(true)))
	if short["held"] != long["held"] || short["held"] != checkpoint.OperatorIDFromUID("held") {
		t.Errorf("a uid does not hold the id: %s, %s", short["held"], long["held"])
	}
	if short["loose"] == long["loose"] {
		t.Errorf("the id %s does not depend on the graph", short["loose"])
	}
	if again := ids(good(t, write(false))); again["loose"] != short["loose"] {
		t.Errorf("the same graph has other ids: %s, %s", again["loose"], short["loose"])
	}
}

func TestRefused(t *testing.T) {
	_, err := made(t, func(env *stream.Environment) {
		env.Source("a", &stream.Options{UID: "same"}).Sink("b", &stream.Options{UID: "same"})
	})
	if _, ok := errors.AsType[*stream.Problem](err); !ok || !strings.Contains(err.Error(), `Sink: b: has the uid "same" of Source: a`) {
		t.Errorf("one uid twice: %v", err)
	}
	custom := func(forced bool) error {
		_, err := made(t, func(env *stream.Environment) {
			env.Checkpointing.Interval, env.Checkpointing.Unaligned, env.Checkpointing.ForceUnaligned = time.Second, true, forced
			env.Source("a", nil).PartitionCustom().Sink("b", nil)
		})
		return err
	}
	if _, ok := errors.AsType[*stream.Problem](custom(false)); !ok || custom(true) != nil {
		t.Errorf("a custom partitioner: %v, forced: %v", custom(false), custom(true))
	}
	_, err = made(t, func(env *stream.Environment) {
		env.Checkpointing.Timeout = 0
		env.Source("a", nil).Sink("b", nil)
	})
	if _, ok := errors.AsType[*checkpointing.OptionError](err); !ok {
		t.Errorf("no timeout: %v", err)
	}
}

func TestSettings(t *testing.T) {
	g := good(t, func(env *stream.Environment) {
		env.Checkpointing.Restore.Path = "s3://bucket/savepoint"
		a, b := env.Source("a", nil), env.Source("b", nil)
		a.KeyBy().Union(b.KeyBy()).Sink("c", nil)
	})
	s := &g.Checkpointing
	if len(s.Trigger) != 2 || slices.Contains(s.Trigger, g.Vertices[0].ID) || len(s.Acknowledge) != 3 || len(s.Confirm) != 3 {
		t.Errorf("%d trigger, %d acknowledge, %d confirm", len(s.Trigger), len(s.Acknowledge), len(s.Confirm))
	}
	if s.Coordinator.Periodic() || s.Coordinator.ExactlyOnce || g.Restore.Path != "s3://bucket/savepoint" {
		t.Errorf("%+v, %+v", s.Coordinator, g.Restore)
	}
}

func TestJob(t *testing.T) {
	g := good(t, func(env *stream.Environment) {
		a := env.Source("a", nil).Transform("b", &stream.Options{MaxParallelism: 64})
		x := a.KeyBy().Transform("x", &stream.Options{Parallelism: 3})
		env.Connect("y", nil, a.Broadcast(), x.KeyBy())
	})
	j, err := g.Job()
	if err != nil {
		t.Fatal(err)
	}
	head := j.Vertex(j.Len() - 1)
	if head.Operators[0].Name != "Source: a" || head.Operators[1].Name != "b" || head.ID != checkpoint.JobVertexID(head.Operators[0].ID) {
		t.Errorf("the head is not first: %+v", head)
	}
	for i, v := range g.Vertices {
		for gate, in := range v.Inputs {
			if out := j.Outputs(in.From)[in.Output]; out.To != i || out.Gate != gate {
				t.Errorf("output %d of %q goes to %+v, not to input %d of %q", in.Output, g.Vertices[in.From].Name, out, gate, v.Name)
			}
		}
	}
}
