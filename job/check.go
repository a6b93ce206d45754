package job

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// Problem is one thing that is wrong with a job.
type Problem struct {
	Vertex int    // index of the vertex; -1 if the whole job is meant
	Field  string // as job.yaml names it, below the vertex: "parallelism", "operators[1]", "inputs[0].from"
	Name   string // of the vertex, for people
	Reason string
}

// Error says which vertex, which field, and why.
func (p *Problem) Error() string {
	switch {
	case p.Vertex < 0:
		return "job: " + p.Reason
	case p.Name != "":
		return fmt.Sprintf("job: vertex %q: %s: %s", p.Name, p.Field, p.Reason)
	}
	return fmt.Sprintf("job: vertex %d: %s: %s", p.Vertex, p.Field, p.Reason)
}

func cloneVertices(vertices []Vertex) []Vertex {
	clone := slices.Clone(vertices)
	for i := range clone {
		clone[i].Operators = slices.Clone(clone[i].Operators)
		clone[i].Inputs = slices.Clone(clone[i].Inputs)
	}
	return clone
}

// identify gives ids to the operators that have none, as ParseYAML does.
func identify(vertices []Vertex) {
	for i := range vertices {
		for k := range vertices[i].Operators {
			switch op := &vertices[i].Operators[k]; {
			case op.ID != checkpoint.OperatorID{}:
			case op.UID != "":
				op.ID = checkpoint.OperatorIDFromUID(op.UID)
			case op.UserDefined != nil:
				op.ID = *op.UserDefined
			}
		}
	}
}

func (j *Job) fillDefaults() {
	j.configured = make([]bool, len(j.vertices))
	outputs := make([][]*Input, len(j.vertices))
	for i := range j.vertices {
		v := &j.vertices[i]
		v.MaxParallelism = normalMaxParallelism(v.MaxParallelism)
		j.configured[i] = v.MaxParallelism != 0
		if v.MaxParallelism == 0 {
			v.MaxParallelism = checkpoint.DefaultMaxParallelism(v.Parallelism)
		}
		if v.ID == (checkpoint.JobVertexID{}) && len(v.Operators) > 0 {
			v.ID = checkpoint.JobVertexID(v.Operators[0].ID)
		}
		for k := range v.Inputs {
			if from := v.Inputs[k].From; from >= 0 && from < len(outputs) {
				outputs[from] = append(outputs[from], &v.Inputs[k])
			}
		}
	}
	for _, edges := range outputs {
		numberOutputs(edges)
	}
}

func numberOutputs(edges []*Input) {
	for _, edge := range edges {
		if edge.Output != 0 {
			return
		}
	}
	for i, edge := range edges {
		edge.Output = i
	}
}

func (j *Job) check() error {
	if len(j.vertices) == 0 {
		return &Problem{Vertex: -1, Reason: "has no vertices"}
	}
	c := checker{
		job:       j,
		ids:       map[checkpoint.JobVertexID]int{},
		operators: map[checkpoint.OperatorID]int{},
		users:     map[checkpoint.OperatorID]int{},
		edges:     make([]map[int]bool, len(j.vertices)),
	}
	for i := range j.vertices {
		c.vertex(i)
	}
	c.outputs()
	return errors.Join(c.problems...)
}

type checker struct {
	job       *Job
	ids       map[checkpoint.JobVertexID]int
	operators map[checkpoint.OperatorID]int
	users     map[checkpoint.OperatorID]int
	edges     []map[int]bool // by vertex: the outputs that are read
	problems  []error
}

func (c *checker) add(vertex int, field, reason string, args ...any) {
	name := c.job.vertices[vertex].Name
	c.problems = append(c.problems, &Problem{vertex, field, name, fmt.Sprintf(reason, args...)})
}

func (c *checker) vertex(i int) {
	v := &c.job.vertices[i]
	c.parallelism(i, v)
	if len(v.Operators) == 0 {
		c.add(i, "operators", "a vertex needs at least one operator")
	} else if other, twice := c.ids[v.ID]; twice {
		c.add(i, "id", "%s is the id of vertex %d too", v.ID, other)
	} else {
		c.ids[v.ID] = i
	}
	for k := range v.Operators {
		c.operator(i, k, &v.Operators[k])
	}
	for k := range v.Inputs {
		c.input(i, k, &v.Inputs[k])
	}
}

func (c *checker) parallelism(i int, v *Vertex) {
	if err := checkBounds("parallelism", v.Parallelism); err != nil {
		c.add(i, "parallelism", "%s", err)
		return
	}
	if err := checkBounds("max parallelism", v.MaxParallelism); err != nil {
		c.add(i, "maxParallelism", "%s", err)
	} else if v.Parallelism > v.MaxParallelism {
		c.add(i, "parallelism", "%d is higher than the max parallelism %d; lower the one or raise the other",
			v.Parallelism, v.MaxParallelism)
	}
}

func (c *checker) operator(i, k int, op *Operator) {
	field := fmt.Sprintf("operators[%d]", k)
	if other, twice := c.operators[op.ID]; twice && op.ID == (checkpoint.OperatorID{}) {
		c.add(i, field, "has no id, as an operator of vertex %d; set UID, ID or UserDefined", other)
	} else if twice {
		c.add(i, field, "id %s belongs to an operator of vertex %d too; a uid must be unique in a job", op.ID, other)
	}
	c.operators[op.ID] = i
	if op.UserDefined == nil {
		return
	}
	if other, twice := c.users[*op.UserDefined]; twice {
		c.add(i, field, "uid hash %s belongs to an operator of vertex %d too", op.UserDefined, other)
	}
	c.users[*op.UserDefined] = i
}

func (c *checker) input(i, k int, in *Input) {
	field := fmt.Sprintf("inputs[%d]", k)
	if in.From < 0 || in.From >= len(c.job.vertices) {
		c.add(i, field, "there is no vertex %d", in.From)
		return
	}
	if in.Output < 0 {
		c.add(i, field, "output %d is negative", in.Output)
		return
	}
	if c.edges[in.From] == nil {
		c.edges[in.From] = map[int]bool{}
	}
	if c.edges[in.From][in.Output] {
		c.add(i, field, "output %d of vertex %d has another reader; each edge reads an output of its own", in.Output, in.From)
	}
	c.edges[in.From][in.Output] = true
}

// outputs checks that the outputs of each vertex are numbered without gaps.
func (c *checker) outputs() {
	for from, read := range c.edges {
		for output := range len(read) {
			if !read[output] {
				c.add(from, "outputs", "output %d has no reader, but a higher one has", output)
				break
			}
		}
	}
}
