package execution

import (
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/job"
)

// region is the subtasks that fail together, because records went from one to the
// other that nobody keeps (Flink: pipelined region). In order of the job.
type region struct{ subtasks []*subtask }

// regions divides the subtasks by what connects them. Where the edges are not known,
// all are one.
func regions(j *job.Job, vertices [][]*subtask) []*region {
	u := newUnion(vertices)
	for to, v := range j.Vertices() {
		for _, in := range v.Inputs {
			u.connect(vertices[in.From], vertices[to], in.Pattern)
		}
	}
	if !j.EdgesKnown() {
		u.all()
	}
	return u.collect()
}

// union is a forest of subtasks, by their number; those of a tree are connected.
type union struct {
	subtasks []*subtask
	parent   []int
}

func newUnion(vertices [][]*subtask) *union {
	u := &union{}
	for _, v := range vertices {
		for _, s := range v {
			s.number = len(u.subtasks)
			u.subtasks = append(u.subtasks, s)
			u.parent = append(u.parent, s.number)
		}
	}
	return u
}

// connect joins who is connected over an edge. All to all takes the sum of the
// parallelisms, not the product.
func (u *union) connect(producers, consumers []*subtask, pattern job.Pattern) {
	for i, c := range consumers {
		first, last := 0, len(producers)-1
		if pattern == job.Pointwise {
			first, last = plan.Feeders(i, len(producers), len(consumers))
		} else if i > 0 {
			last = 0
		}
		for _, p := range producers[first : last+1] {
			u.join(p.number, c.number)
		}
	}
}

func (u *union) all() {
	for i := range u.parent {
		u.join(0, i)
	}
}

func (u *union) root(i int) int {
	for u.parent[i] != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = u.parent[i]
	}
	return i
}

// join lets the lower root be that of both, so that regions come in the job's order.
func (u *union) join(a, b int) {
	a, b = u.root(a), u.root(b)
	u.parent[max(a, b)] = min(a, b)
}

func (u *union) collect() []*region {
	var all []*region
	for i, s := range u.subtasks {
		root := u.subtasks[u.root(i)]
		if root == s {
			s.region = &region{}
			all = append(all, s.region)
		}
		s.region = root.region
		s.region.subtasks = append(s.region.subtasks, s)
	}
	return all
}
