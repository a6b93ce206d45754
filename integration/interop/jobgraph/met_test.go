//go:build interop

package jobgraph

import (
	"strings"
	"testing"

	"github.com/cairnstate/cairn/integration/interop/jobgraph/internal/program"
)

// met counts which rules the programs met: a generator that stopped meeting one is no test
// of it.
type met map[string]int

func (m *met) count(answer *program.Answer) {
	if *m == nil {
		*m = met{}
	}
	if answer.Refused != "" {
		for _, reason := range refusals {
			if strings.Contains(answer.Refused, reason) {
				(*m)["refused: "+reason]++
			}
		}
		return
	}
	r := answer.Result
	m.add("at least once for want of an interval", r.Coordinator.Interval == 1<<63-1 && !r.Coordinator.ExactlyOnce)
	m.add("exactly once", r.Coordinator.ExactlyOnce)
	m.add("unaligned", r.Coordinator.Unaligned)
	m.add("interval raised to the pause", r.Coordinator.Interval == r.Coordinator.MinPause)
	m.add("restored", r.Restore.Path != "")
	for i := range r.Vertices {
		m.vertex(&r.Vertices[i])
	}
}

func (m *met) vertex(v *program.Vertex) {
	m.add("chain of three", len(v.Operators) > 2)
	m.add("chain that forks", strings.Contains(v.Name, "-> ("))
	m.add("chained source", strings.Contains(v.Name, " [Source: "))
	m.add("another slot sharing group", v.SlotSharingGroup != "default")
	for _, op := range v.Operators {
		m.add("uid", op.UID != "")
		m.add("no uid", op.UID == "")
		m.add("uid hash", op.UserDefined != "")
	}
	for _, in := range v.Inputs {
		m.add("partitioner "+in.Partitioner, true)
		m.add("second data set", in.Output > 0)
		m.add("third input", in.Input == 3)
	}
}

func (m *met) add(rule string, holds bool) {
	if holds {
		(*m)[rule]++
	}
}

var refusals = []string{
	"interval must be larger", "zero or larger", "during backlog must", "timeout must be", "concurrent attempts", "non-negative",
	"Could not parse", "can't be > 1 if Unaligned", "custom partitioners", "Pausing sources", "Forward partitioning",
	"Cannot override partitioning", "Hash collision",
}

var rules = []string{
	"at least once for want of an interval", "exactly once", "unaligned", "interval raised to the pause", "restored",
	"chain of three", "chain that forks", "chained source", "another slot sharing group", "uid", "no uid", "uid hash",
	"partitioner HASH", "partitioner REBALANCE", "partitioner RESCALE", "partitioner SHUFFLE", "partitioner GLOBAL",
	"partitioner BROADCAST", "partitioner FORWARD", "partitioner CUSTOM", "second data set", "third input",
}

func (m *met) check(t *testing.T, count int) {
	t.Helper()
	if count < 2_000 {
		return // too few to meet all
	}
	for _, reason := range refusals {
		m.need(t, "refused: "+reason)
	}
	for _, rule := range rules {
		m.need(t, rule)
	}
}

func (m *met) need(t *testing.T, rule string) {
	t.Helper()
	if (*m)[rule] == 0 {
		t.Errorf("no program met the rule %q", rule)
	}
}
