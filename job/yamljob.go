package job

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// The fields of job.yaml. docs/job-yaml.md is their reference.
type yamlJob struct {
	Vertices []yamlVertex `yaml:"vertices"`
}

type yamlVertex struct {
	ID             string         `yaml:"id"`
	Name           string         `yaml:"name"`
	Parallelism    *int32         `yaml:"parallelism"`
	MaxParallelism *int32         `yaml:"maxParallelism"`
	Operators      []yamlOperator `yaml:"operators"`
	Inputs         []yamlInput    `yaml:"inputs"`
}

type yamlOperator struct {
	UID     string `yaml:"uid"`
	ID      string `yaml:"id"`
	UIDHash string `yaml:"uidHash"`
	Name    string `yaml:"name"`
}

type yamlInput struct {
	From        string `yaml:"from"`
	Partitioner string `yaml:"partitioner"`
	Output      int    `yaml:"output"`
}

func (y *yamlFile) vertices() []Vertex {
	vertices := make([]Vertex, len(y.document.Vertices))
	for i := range y.document.Vertices {
		vertices[i] = y.vertex(fmt.Sprintf("vertices[%d]", i), &y.document.Vertices[i])
	}
	return vertices
}

func (y *yamlFile) vertex(field string, from *yamlVertex) Vertex {
	v := Vertex{Name: from.Name}
	if from.ID != "" {
		v.ID = checkpoint.JobVertexID(y.id(field+".id", from.ID))
	}
	if from.Parallelism == nil {
		y.add(field, "parallelism is missing")
	} else {
		v.Parallelism = *from.Parallelism
	}
	if from.MaxParallelism != nil {
		v.MaxParallelism = *from.MaxParallelism
		if v.MaxParallelism == 0 {
			y.add(field+".maxParallelism", "is 0; leave it out for the default")
		}
	}
	for i := range from.Operators {
		v.Operators = append(v.Operators, y.operator(fmt.Sprintf("%s.operators[%d]", field, i), &from.Operators[i]))
	}
	for i := range from.Inputs {
		v.Inputs = append(v.Inputs, y.input(fmt.Sprintf("%s.inputs[%d]", field, i), &from.Inputs[i]))
	}
	return v
}

func (y *yamlFile) operator(field string, from *yamlOperator) Operator {
	op := Operator{UID: from.UID, Name: from.Name}
	if from.UIDHash != "" {
		hash := y.id(field+".uidHash", from.UIDHash)
		op.UserDefined = &hash
	}
	switch {
	case from.UID != "":
		op.ID = checkpoint.OperatorIDFromUID(from.UID)
		if from.ID != "" && y.id(field+".id", from.ID) != op.ID {
			y.add(field+".id", "is not the id of uid %q, which is %s; leave one of them out", from.UID, op.ID)
		}
	case from.ID != "":
		op.ID = y.id(field+".id", from.ID)
	case op.UserDefined != nil:
		op.ID = *op.UserDefined // all that is known of it
	default:
		y.add(field, "needs one of uid, uidHash and id to be found in a checkpoint")
	}
	return op
}

func (y *yamlFile) id(field, text string) checkpoint.OperatorID {
	id, err := checkpoint.ParseOperatorID(text)
	if err != nil {
		y.add(field, "%s", err)
	}
	return id
}

func (y *yamlFile) input(field string, from *yamlInput) Input {
	partitioner, known := PartitionerNamed(from.Partitioner)
	switch {
	case from.Partitioner == "":
		y.add(field, "partitioner is missing; it is one of %s", partitionerNames())
	case !known:
		y.add(field+".partitioner", "%q is none of %s", from.Partitioner, partitionerNames())
	}
	in := partitioner.Input(y.find(field+".from", from.From))
	in.Output = from.Output
	return in
}

// find returns the index of the vertex with a name or an id.
func (y *yamlFile) find(field, name string) int {
	found := -1
	for i := range y.document.Vertices {
		v := &y.document.Vertices[i]
		if name == "" || v.Name != name && v.ID != name {
			continue
		}
		if found >= 0 {
			y.add(field, "%q names several vertices; give them ids, and use those", name)
			return found
		}
		found = i
	}
	switch {
	case name == "":
		y.add(field, "from is missing")
	case found < 0:
		y.add(field, "there is no vertex %q", name)
	}
	return max(found, 0)
}

func partitionerNames() string {
	names := ""
	for i, p := range Partitioners() {
		if i > 0 {
			names += ", "
		}
		names += p.Name
	}
	return names
}
