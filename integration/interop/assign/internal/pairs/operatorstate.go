package pairs

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// modes says how an operator's lists are given out.
type modes int

const (
	onlySplit modes = iota
	mixed
	splitAndUnion
	splitAndBroadcast
	modesKinds
)

// names collide in Java's hash map or do not; with which subtask a list is begun
// to be dealt out depends on it.
var names = []string{"a", "bb", "op-state-1", "op-state-2", "op-state-3", "état", "zz", "Aa", "BB", "topic-partition-offset-states"}

func (m modes) of(name int) checkpoint.OperatorStateMode {
	switch {
	case m == mixed:
		return checkpoint.OperatorStateMode(name % 3)
	case m == splitAndUnion && name%2 == 0:
		return checkpoint.Union
	case m == splitAndBroadcast && name%2 == 0:
		return checkpoint.Broadcast
	}
	return checkpoint.SplitDistribute
}

// file returns a file of the subtask: one of its own, or a part of one.
func (p *past) file(kind string) checkpoint.StreamStateHandle {
	switch {
	case p.segments:
		return &checkpoint.SegmentFileStateHandle{
			StartPos: int64(p.subtask) * 50, Size: 50, Scope: checkpoint.ScopeExclusive,
			PhysicalPath: fmt.Sprintf("file:/t/%s/%s", p.id, kind), LogicalFileID: fmt.Sprintf("%s-%d", kind, p.subtask),
		}
	case p.one(20):
		return &checkpoint.ByteStreamStateHandle{HandleName: fmt.Sprintf("%s-%s-%d", p.id, kind, p.subtask), Data: []byte("inline")}
	}
	return &checkpoint.FileStateHandle{Path: fmt.Sprintf("file:/t/%s/%s/%d", p.id, kind, p.subtask), Size: 50}
}

func (p *past) operatorState(kind string) checkpoint.OperatorStateHandle {
	const taskOwned, shared = "file:/t/taskowned", "file:/t/shared"
	if p.segments && p.one(6) {
		return &checkpoint.FileMergingOperatorStreamStateHandle{
			TaskOwnedDir: taskOwned, SharedDir: shared, Empty: true, Delegate: &checkpoint.EmptySegmentFileStateHandle{},
		}
	}
	states, delegate := p.lists(), p.file(kind)
	if p.segments && p.one(2) {
		return &checkpoint.FileMergingOperatorStreamStateHandle{
			TaskOwnedDir: taskOwned, SharedDir: shared, States: states, Delegate: delegate,
		}
	}
	return &checkpoint.OperatorStreamStateHandle{States: states, Delegate: delegate}
}

// crowd is how many names it takes for Java's hash map to grow twice.
const crowd = 30

func (p *past) lists() (states []checkpoint.OperatorStatePartitions) {
	names := names
	if p.crowded {
		names = slices.Clone(names)
		for len(names) < crowd {
			names = append(names, fmt.Sprintf("state of crowd %d", len(names)))
		}
	}
	for i, name := range names {
		if !p.one(3) && !p.crowded {
			continue
		}
		list := checkpoint.OperatorStatePartitions{Name: name, Mode: p.operators.of(i)}
		for k := range p.IntN(5) { // or none
			list.Offsets = append(list.Offsets, int64(p.subtask)*100+int64(k))
		}
		states = append(states, list)
	}
	return states
}
