package restore

// Peculiarities are what Flink 2.3.0 does and Assign does not, for it gives state
// to the wrong subtasks. With them, Assign foretells what that Flink would do;
// without, it refuses or does what is right. The zero value has none.
type Peculiarities struct {
	// MaxParallelism lets all operators of a chain say what its max parallelism
	// is, be it not that of the keyed state: the last in the order of a hash map
	// decides. Operators that have no state name the job's.
	MaxParallelism bool `json:"maxParallelism,omitempty"`

	// FirstEdge tells vertices that have several edges between them of how the
	// other side was mapped over the first only, for all of them.
	FirstEdge bool `json:"firstEdge,omitempty"`
}

// producer returns the task at the other end of a gate, and the partition there
// that says how its subtasks were mapped.
func (a *assigner) producer(t *task, gate int) (*task, int) {
	in := &t.vertex.Inputs[gate]
	partition := in.Output
	if a.opts.Peculiarities.FirstEdge {
		for i, out := range a.job.Outputs(in.From) {
			if out.To == t.index {
				partition = i
				break
			}
		}
	}
	return a.tasks[in.From], partition
}

// consumer returns the task at the other end of a partition, and the gate there
// that says how its subtasks were mapped.
func (a *assigner) consumer(t *task, partition int) (*task, int) {
	out := a.job.Outputs(t.index)[partition]
	to, gate := a.tasks[out.To], out.Gate
	if a.opts.Peculiarities.FirstEdge {
		for i := range to.vertex.Inputs {
			if to.vertex.Inputs[i].From == t.index {
				gate = i
				break
			}
		}
	}
	return to, gate
}

// saying returns the operators of the chain that have a say in its max
// parallelism, in the order in which Flink asks them: that of its hash map, into
// which it puts the tail first.
//
// Of a chain with keyed state those without state have none, or they might have
// it cut by key groups that are not its own.
func (t *task) saying(p Peculiarities) (operators []int) {
	n := len(t.states)
	hashes := make([]uint32, n)
	for i := range n {
		hashes[i] = spread(idHashCode(t.vertex.Operators[n-1-i].ID))
	}
	all := p.MaxParallelism || !t.hasKeyedState()
	for _, k := range javaPutOrderOf(hashes) {
		if i := n - 1 - k; all || t.states[i].op != nil {
			operators = append(operators, i)
		}
	}
	return operators
}
