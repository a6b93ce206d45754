package pairs

import (
	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// states makes the checkpoint: for each operator of the job a past, or none, and
// now and then that of one that is gone.
func (g *generator) states() {
	usual := pick[int32](g, 128, 128, 16, 40) // max parallelism
	for v := range g.c.Vertices {
		for k := range g.c.Vertices[v].Operators {
			for _, id := range g.pastIDs(&g.c.Vertices[v].Operators[k]) {
				p := past{generator: g, id: id, vertex: v, position: k}
				g.add(p.state(usual))
			}
		}
	}
	if g.one(8) {
		p := past{generator: g, id: checkpoint.OperatorIDFromUID("gone"), vertex: -1}
		g.add(p.state(usual))
	}
	operators := g.c.Checkpoint.Operators
	g.Shuffle(len(operators), func(i, k int) { operators[i], operators[k] = operators[k], operators[i] })
}

func (g *generator) add(op checkpoint.OperatorState) {
	g.c.Checkpoint.Operators = append(g.c.Checkpoint.Operators, op)
}

// pastIDs are those under which the operator has state: under its own, under its
// user-defined one, under both, or under none, for it is new.
func (g *generator) pastIDs(op *job.Operator) (ids []checkpoint.OperatorID) {
	if op.UserDefined != nil && g.one(2) {
		ids = append(ids, *op.UserDefined)
	}
	if !g.one(5) {
		ids = append(ids, op.ID)
	}
	return ids
}

// past is an operator as it was.
type past struct {
	*generator
	id       checkpoint.OperatorID
	vertex   int // where it is now; -1 if it is gone
	position int // in the chain

	parallelism, maxParallelism int32
	subtask                     int32

	keyed     keyedKind
	operators modes
	crowded   bool // many names of operator state
}

func (p *past) state(usual int32) checkpoint.OperatorState {
	p.settle(usual)
	op := checkpoint.OperatorState{ID: p.id, Parallelism: p.parallelism, MaxParallelism: p.maxParallelism}
	if p.finished && p.one(3) {
		op.FullyFinished = true
		return op
	}
	if p.one(10) && !p.old {
		op.Coordinator = &checkpoint.ByteStreamStateHandle{HandleName: "coordinator", Data: []byte("x")}
	}
	empty := p.one(8)
	for p.subtask = range p.parallelism {
		switch {
		case p.one(15) || empty && p.one(2): // the checkpoint does not mention it
		case p.finished && p.one(4):
			op.Subtasks = append(op.Subtasks, checkpoint.SubtaskState{Index: p.subtask, Finished: true})
		case empty:
			op.Subtasks = append(op.Subtasks, checkpoint.SubtaskState{Index: p.subtask, State: &checkpoint.OperatorSubtaskState{}})
		default:
			op.Subtasks = append(op.Subtasks, checkpoint.SubtaskState{Index: p.subtask, State: p.subtaskState()})
		}
	}
	return op
}

// settle decides how parallel the operator was, and what kinds of state it had.
func (p *past) settle(usual int32) {
	p.maxParallelism, p.parallelism = usual, 1+p.Int32N(9)
	if p.vertex >= 0 {
		v := &p.c.Vertices[p.vertex]
		if v.MaxParallelism != 0 && !p.one(15) {
			p.maxParallelism = v.MaxParallelism
		}
		if p.one(3) {
			p.parallelism = v.Parallelism
		}
	}
	if p.one(25) {
		p.maxParallelism = 4 + p.Int32N(10)
	}
	p.parallelism = min(p.parallelism, p.maxParallelism)
	p.keyed = keyedKind(p.IntN(int(keyedKinds)))
	if p.old {
		p.keyed = pick(p.generator, noKeyed, legacyKeyed, legacyIncrementalKeyed)
	}
	p.operators = modes(p.IntN(int(modesKinds)))
	p.crowded = p.one(40)
}

func (p *past) subtaskState() *checkpoint.OperatorSubtaskState {
	s := &checkpoint.OperatorSubtaskState{}
	if p.one(2) {
		s.ManagedOperatorState = p.operatorState("managed-operator")
	}
	if p.raw && p.one(4) {
		s.RawOperatorState = p.operatorState("raw-operator")
	}
	if !p.one(4) && (p.position == 0 || p.one(3)) {
		s.ManagedKeyedState = p.keyedState("managed-keyed")
	}
	if p.raw && p.one(3) {
		s.RawKeyedState = p.keyedState("raw-keyed")
	}
	if p.inFlight && p.vertex >= 0 {
		s.Channels = p.channels()
	}
	return s
}
