package restore

import (
	"iter"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// Mapping says which old subtasks each new subtask takes over (Flink:
// RescaleMappings as a SubtaskStateMapper makes them). It is kept as its rule, so
// its size does not depend on the parallelism.
type Mapping struct {
	Mapper      job.SubtaskStateMapper
	OldSubtasks int32
	NewSubtasks int32
	identity    bool
	ambiguous   []int32
}

func newMapping(mapper job.SubtaskStateMapper, oldSubtasks, newSubtasks int32) *Mapping {
	m := &Mapping{Mapper: mapper, OldSubtasks: oldSubtasks, NewSubtasks: newSubtasks}
	m.identity = m.isIdentity()
	if mapper.Ambiguous() && !m.identity {
		m.ambiguous = m.claimedTwice()
	}
	return m
}

// Old returns the old subtasks that a new one takes over.
func (m *Mapping) Old(newSubtask int32) Indexes {
	o, n := m.OldSubtasks, m.NewSubtasks
	switch m.Mapper {
	case job.Full:
		return Indexes{Count: o, Step: 1}
	case job.First:
		if newSubtask > 0 {
			return Indexes{}
		}
		return Indexes{Count: o, Step: 1}
	case job.Range:
		r := checkpoint.KeyGroupRangeForSubtask(newSubtask, checkpoint.UpperBoundMaxParallelism, n)
		first := checkpoint.SubtaskForKeyGroup(r.Start, checkpoint.UpperBoundMaxParallelism, o)
		last := checkpoint.SubtaskForKeyGroup(r.Last(), checkpoint.UpperBoundMaxParallelism, o)
		return Indexes{First: first, Count: last - first + 1, Step: 1}
	}
	if newSubtask >= o {
		return Indexes{}
	}
	return Indexes{First: newSubtask, Count: (o-newSubtask-1)/n + 1, Step: n}
}

// Identity reports whether each new subtask takes over the old one of its index
// and nothing else.
func (m *Mapping) Identity() bool { return m.identity }

func (m *Mapping) isIdentity() bool {
	if m.NewSubtasks < m.OldSubtasks {
		return false
	}
	for i := range m.NewSubtasks {
		row := m.Old(i)
		if i < m.OldSubtasks && (row.Count != 1 || row.First != i) || i >= m.OldSubtasks && row.Count != 0 {
			return false
		}
	}
	return true
}

// claimedTwice returns the old subtasks that several new ones take over. Rows of
// ambiguous mappers are runs that only move forward.
func (m *Mapping) claimedTwice() []int32 {
	claims := make([]int32, m.OldSubtasks+1) // as differences
	for i := range m.NewSubtasks {
		row := m.Old(i)
		claims[row.First]++
		claims[row.First+row.Count]--
	}
	var twice []int32
	running := int32(0)
	for old := range m.OldSubtasks {
		if running += claims[old]; running > 1 {
			twice = append(twice, old)
		}
	}
	return twice
}

// invert returns for each old subtask the new ones that take it over.
func (m *Mapping) invert() [][]int32 {
	inverted := make([][]int32, m.OldSubtasks)
	for i := range m.NewSubtasks {
		for old := range m.Old(i).All() {
			inverted[old] = append(inverted[old], i)
		}
	}
	return inverted
}

// Indexes is a set of subtask indexes: Count of them from First on, Step apart.
type Indexes struct{ First, Count, Step int32 }

// All returns the indexes in order.
func (x Indexes) All() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for i := range x.Count {
			if !yield(x.First + i*x.Step) {
				return
			}
		}
	}
}

// run reports whether the indexes have no gaps.
func (x Indexes) run() bool { return x.Count <= 1 || x.Step == 1 }
