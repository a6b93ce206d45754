package restore

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

type operatorKind func(*checkpoint.OperatorSubtaskState) checkpoint.OperatorStateHandle

func managedOperator(s *checkpoint.OperatorSubtaskState) checkpoint.OperatorStateHandle {
	return presentOperatorState(s.ManagedOperatorState)
}

func rawOperator(s *checkpoint.OperatorSubtaskState) checkpoint.OperatorStateHandle {
	return presentOperatorState(s.RawOperatorState)
}

// distributeOperator gives operator state to the new subtasks (Flink:
// RoundRobinOperatorStateRepartitioner). old has the old subtasks by index.
func distributeOperator(old []*checkpoint.OperatorSubtaskState, kind operatorKind, parallelism int32) operatorTable {
	c := collectOperator(old, kind)
	switch {
	case c.files == nil:
		return operatorTable{}
	case int32(len(old)) != parallelism:
		return c.redistribute(parallelism)
	case len(c.byMode[checkpoint.Union].names) == 0 && !c.partialBroadcast():
		return keepOperator(old, kind)
	}
	return c.complete(old, kind)
}

// keepOperator gives each subtask its own state back.
func keepOperator(old []*checkpoint.OperatorSubtaskState, kind operatorKind) operatorTable {
	t := operatorTable{start: make([]int32, len(old)+1)}
	for i, s := range old {
		if s != nil {
			if h := kind(s); h != nil {
				t.own = append(t.own, ownHandle{file: int32(i), handle: h})
			}
		}
		t.start[i+1] = int32(len(t.own))
	}
	return t
}

// collected is the operator state of all old subtasks, by mode and name.
type collected struct {
	parallelism int
	files       []file
	position    map[fileID]int32
	byMode      [3]namedStates
}

// file is one delegate. Handles with equal delegates count as one, as in Flink.
type file struct {
	delegate checkpoint.StreamStateHandle
	handle   checkpoint.OperatorStateHandle // the first one with this delegate
	clashes  bool                           // there are others
}

// namedStates are the states of one mode.
type namedStates struct {
	names  []string // as first met
	states map[string]*namedState
}

// namedState is where one named state is: a part for each old subtask that has it.
type namedState struct {
	parts     []part
	reporters int // number of old subtasks among them
}

type part struct {
	file int32
	meta checkpoint.OperatorStatePartitions
}

func collectOperator(old []*checkpoint.OperatorSubtaskState, kind operatorKind) *collected {
	c := &collected{parallelism: len(old)}
	for _, s := range old {
		if s == nil {
			continue
		}
		h := kind(s)
		if h == nil {
			continue
		}
		file := c.file(h)
		for _, meta := range c.inOrder(lastOfEachName(h.Partitions())) {
			c.byMode[meta.Mode].add(part{file, meta})
		}
	}
	return c
}

func (c *collected) file(h checkpoint.OperatorStateHandle) int32 {
	id := identify(h.DelegateState())
	if at, ok := c.position[id]; ok {
		c.files[at].clashes = true
		return at
	}
	if c.position == nil {
		c.position = make(map[fileID]int32, c.parallelism)
		c.files = make([]file, 0, c.parallelism)
	}
	at := int32(len(c.files))
	c.position[id] = at
	c.files = append(c.files, file{delegate: h.DelegateState(), handle: h})
	return at
}

// inOrder puts the names of a handle into the order of the Java map that Flink
// reads them into, if that matters: if there are names not seen before.
func (c *collected) inOrder(metas []checkpoint.OperatorStatePartitions) []checkpoint.OperatorStatePartitions {
	fresh := slices.ContainsFunc(metas, func(m checkpoint.OperatorStatePartitions) bool {
		return c.byMode[m.Mode].states[m.Name] == nil
	})
	if !fresh || len(metas) < 2 {
		return metas
	}
	names := make([]string, len(metas))
	byName := make(map[string]checkpoint.OperatorStatePartitions, len(metas))
	for i, m := range metas {
		names[i], byName[m.Name] = m.Name, m
	}
	ordered := make([]checkpoint.OperatorStatePartitions, 0, len(metas))
	for _, name := range javaPutOrder(names) {
		ordered = append(ordered, byName[name])
	}
	return ordered
}

func (n *namedStates) add(p part) {
	state := n.states[p.meta.Name]
	if state == nil {
		if n.states == nil {
			n.states = map[string]*namedState{}
		}
		state = &namedState{}
		n.states[p.meta.Name] = state
		n.names = append(n.names, p.meta.Name)
	}
	state.parts = append(state.parts, p)
	state.reporters++
}

// lastOfEachName drops names that come again later in the list, for a Java map
// keeps the last value of a key. The list is nearly always fine as it is.
func lastOfEachName(metas []checkpoint.OperatorStatePartitions) []checkpoint.OperatorStatePartitions {
	if distinctNames(metas) {
		return metas
	}
	last := make(map[string]int, len(metas))
	for i, m := range metas {
		last[m.Name] = i
	}
	kept := make([]checkpoint.OperatorStatePartitions, 0, len(last))
	for _, m := range metas {
		if i, first := last[m.Name]; first {
			kept = append(kept, metas[i])
			delete(last, m.Name)
		}
	}
	return kept
}

func distinctNames(metas []checkpoint.OperatorStatePartitions) bool {
	if len(metas) > 16 {
		return false // let the map find out
	}
	for i := range metas {
		for k := range i {
			if metas[k].Name == metas[i].Name {
				return false
			}
		}
	}
	return true
}

// partialBroadcast reports whether there is broadcast state that some old
// subtasks do not have, because they had finished.
func (c *collected) partialBroadcast() bool {
	for _, state := range c.byMode[checkpoint.Broadcast].states {
		if state.reporters < c.parallelism {
			return true
		}
	}
	return false
}
