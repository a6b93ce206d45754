package restore

import (
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// Plan is an Assignment in figures: what a restore will cost, and whom.
//
// Bytes are those that subtasks read. Full snapshots are read by key groups and
// operator state by elements, with the header of each file; incremental state and
// changelogs are read whole by each subtask that owns any of their key groups, and
// cut down after that. Reading what is inline costs no request, but counts.
type Plan struct {
	Assignment *Assignment
	Vertices   []VertexPlan // as the assignment has them

	Stored StateBytes // of the state that is restored, each file once
	Read   StateBytes // by all subtasks together
}

// VertexPlan is the plan of one vertex.
type VertexPlan struct {
	Vertex *VertexAssignment

	// OldParallelism is the checkpoint's; 0 if it has nothing for the vertex.
	OldParallelism int32

	Stored, Read StateBytes
	Subtasks     []SubtaskPlan
	Keyed        []KeyedPlan // of operators with keyed state, the head of the chain first
	Union        UnionPlan
}

// StateBytes are bytes by kind of state.
type StateBytes struct{ Keyed, Operator, InFlight int64 }

// Total returns the sum of all kinds.
func (b StateBytes) Total() int64 { return b.Keyed + b.Operator + b.InFlight }

func (b *StateBytes) add(more StateBytes) {
	b.Keyed += more.Keyed
	b.Operator += more.Operator
	b.InFlight += more.InFlight
}

// SubtaskPlan is what one new subtask reads.
type SubtaskPlan struct {
	Subtask   int32
	KeyGroups checkpoint.KeyGroupRange // that it owns
	Read      StateBytes
	Inline    int64        // of the bytes read, those that the metadata holds
	Files     int          // or segments of files, to open
	States    []StateShare // of all operators of the chain, by name
}

// KeyedPlan is how the keyed state of one operator moves.
type KeyedPlan struct {
	Operator *OperatorAssignment
	Old      []int64 // bytes by old subtask
	Reads    []KeyedRead

	// ByKeyGroup has the bytes of each key group. It is nil if that is not known,
	// as with incremental state.
	ByKeyGroup []int64
}

// KeyedRead is one handle that a new subtask reads.
type KeyedRead struct {
	Subtask   int32
	KeyGroups checkpoint.KeyGroupRange // that it reads: more than it owns where the handle cannot be cut
	Bytes     int64
}

// UnionPlan is what UNION state, which all subtasks get in full, comes to.
type UnionPlan struct {
	Handles int64 // given out to all subtasks together
	Bytes   int64 // read by all subtasks together
}

// Spread tells the largest of the subtasks from the others, by bytes to read.
type Spread struct {
	Smallest, Median, Largest int64
	Subtask                   int32 // the first of the largest
}

// NewPlan measures an assignment. It takes time in proportion to the handles given
// out, with union state counted once.
func NewPlan(a *Assignment) *Plan {
	p := &Plan{Assignment: a, Vertices: make([]VertexPlan, len(a.Vertices))}
	for i := range a.Vertices {
		p.Vertices[i] = measure(&a.Vertices[i])
		p.Stored.add(p.Vertices[i].Stored)
		p.Read.add(p.Vertices[i].Read)
	}
	return p
}

// Spread returns how evenly the vertex's bytes are spread.
func (v *VertexPlan) Spread() Spread {
	var s Spread
	sizes := make([]int64, len(v.Subtasks))
	for i := range v.Subtasks {
		sizes[i] = v.Subtasks[i].Read.Total()
		if sizes[i] > s.Largest {
			s.Largest, s.Subtask = sizes[i], int32(i)
		}
	}
	slices.Sort(sizes)
	s.Smallest = sizes[0]
	s.Median = sizes[len(sizes)/2]
	if len(sizes)%2 == 0 {
		s.Median = (sizes[len(sizes)/2-1] + s.Median) / 2
	}
	return s
}

// Skew returns the largest as a multiple of the median; false if the median is 0.
func (s Spread) Skew() (float64, bool) { return ratio(s.Largest, s.Median) }

// Amplification returns what is read as a multiple of what is stored; false if
// nothing is.
func Amplification(read, stored StateBytes) (float64, bool) {
	return ratio(read.Total(), stored.Total())
}

func ratio(a, b int64) (float64, bool) {
	if b <= 0 {
		return 0, false
	}
	return float64(a) / float64(b), true
}
