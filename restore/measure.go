package restore

import (
	"cmp"
	"maps"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

func measure(v *VertexAssignment) VertexPlan {
	p := VertexPlan{Vertex: v, Subtasks: make([]SubtaskPlan, v.Parallelism)}
	for i := range p.Subtasks {
		p.Subtasks[i] = SubtaskPlan{Subtask: int32(i), KeyGroups: v.KeyGroups(int32(i))}
	}
	for i := range v.Operators {
		op := &v.Operators[i]
		if op.State == nil {
			continue
		}
		p.OldParallelism = cmp.Or(p.OldParallelism, op.State.Parallelism)
		p.operatorState(op, managedOperator, &op.managedOperator, false)
		p.operatorState(op, rawOperator, &op.rawOperator, true)
		p.keyedState(op)
	}
	p.inFlight()
	for i := range p.Subtasks {
		slices.SortFunc(p.Subtasks[i].States, compareShares)
		p.Read.add(p.Subtasks[i].Read)
	}
	return p
}

func (s *SubtaskPlan) add(to *int64, t tally) {
	*to += t.bytes
	s.Inline += t.inline
	s.Files += t.files
}

// oldStates calls each for what the checkpoint has of the operator, by old subtask.
func (o *OperatorAssignment) oldStates(each func(subtask int32, s *checkpoint.OperatorSubtaskState)) {
	for i := range o.State.Subtasks {
		if s := &o.State.Subtasks[i]; s.State != nil {
			each(s.Index, s.State)
		}
	}
}

// operatorCost is a handle or several, and what they cost.
type operatorCost struct {
	tally
	shares map[StateShare]int // by share without partitions
}

func (c *operatorCost) add(ls layouts, h checkpoint.OperatorStateHandle, raw bool, sign int) {
	if cost := ls.operator(h); sign > 0 {
		c.tally.add(cost)
	} else {
		c.subtract(cost)
	}
	for _, meta := range h.Partitions() {
		c.shares[StateShare{Name: meta.Name, Raw: raw, Mode: meta.Mode}] += sign * len(meta.Offsets)
	}
}

func (p *VertexPlan) operatorState(op *OperatorAssignment, kind operatorKind, table *operatorTable, raw bool) {
	ls, all := newLayouts(), newStored()
	op.oldStates(func(_ int32, s *checkpoint.OperatorSubtaskState) {
		if h := kind(s); h != nil {
			ls.addOperator(h)
			all.stream(h.DelegateState())
		}
	})
	ls.seal()
	p.Stored.Operator += all.bytes
	shared := operatorCost{shares: map[StateShare]int{}}
	for _, h := range table.shared {
		if h != nil {
			shared.add(ls, h, raw, 1)
		}
	}
	for i := range p.Subtasks {
		p.Subtasks[i].operatorState(ls, shared, table, raw)
	}
	p.Union.Handles += int64(table.count) * int64(len(p.Subtasks))
	p.Union.Bytes += shared.bytes * int64(len(p.Subtasks))
}

// operatorState takes what all subtasks share, and sets right what this one has
// for itself.
func (s *SubtaskPlan) operatorState(ls layouts, shared operatorCost, table *operatorTable, raw bool) {
	cost := operatorCost{tally: shared.tally, shares: shared.shares}
	if own := table.at(s.Subtask).own; len(own) > 0 {
		cost.shares = maps.Clone(shared.shares)
		for i := range own {
			if own[i].instead {
				cost.add(ls, table.shared[own[i].file], raw, -1)
			}
			cost.add(ls, own[i].handle, raw, 1)
		}
	}
	s.add(&s.Read.Operator, cost.tally)
	for share, partitions := range cost.shares {
		if share.Partitions = partitions; partitions > 0 {
			s.States = append(s.States, share)
		}
	}
}

func compareShares(a, b StateShare) int {
	raw := 0
	if a.Raw != b.Raw {
		raw = 1
		if b.Raw {
			raw = -1
		}
	}
	return cmp.Or(cmp.Compare(a.Name, b.Name), raw, cmp.Compare(a.Mode, b.Mode), cmp.Compare(a.Partitions, b.Partitions))
}
