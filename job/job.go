package job

import (
	"iter"

	"github.com/cairnstate/cairn/checkpoint"
)

// Job is a graph of vertices: what a checkpoint is restored into.
type Job struct {
	vertices   []Vertex
	configured []bool                        // by vertex: the user chose the max parallelism
	outputs    [][]Output                    // by vertex, then by result partition
	derived    bool                          // from a checkpoint, which knows no edges
	gaps       []Gap                         // what the description leaves open
	owners     map[checkpoint.OperatorID]int // by generated and user-defined id
}

// Output is one result partition of a vertex, and who reads it.
type Output struct {
	To   int // index of the consuming vertex
	Gate int // index of the edge in its Inputs
}

// New returns a job of these vertices. It checks that it is one: parallelisms
// within bounds, at least one operator to a vertex, no id twice, inputs that
// exist. Errors are *Problem, several of them joined.
//
// New copies the vertices and fills in what they leave out: ids of operators and
// vertices, default max parallelism, numbers of outputs.
func New(vertices ...Vertex) (*Job, error) {
	vertices = cloneVertices(vertices)
	identify(vertices)
	return ofVertices(vertices)
}

// ofVertices returns a job of vertices whose operators have ids, and takes them over.
func ofVertices(vertices []Vertex) (*Job, error) {
	j := &Job{vertices: vertices}
	j.fillDefaults()
	if err := j.check(); err != nil {
		return nil, err
	}
	j.index()
	return j, nil
}

// Len returns the number of vertices.
func (j *Job) Len() int { return len(j.vertices) }

// Vertex returns the vertex at an index. The caller must not change it.
func (j *Job) Vertex(i int) *Vertex { return &j.vertices[i] }

// Vertices returns the vertices with their indexes, in the order given to New.
// The caller must not change them.
func (j *Job) Vertices() iter.Seq2[int, *Vertex] {
	return func(yield func(int, *Vertex) bool) {
		for i := range j.vertices {
			if !yield(i, &j.vertices[i]) {
				return
			}
		}
	}
}

// MaxParallelismConfigured reports whether the user chose the vertex's max
// parallelism. A restored checkpoint overrides only one that is not configured.
func (j *Job) MaxParallelismConfigured(vertex int) bool { return j.configured[vertex] }

// EdgesKnown reports whether the inputs of the vertices are those of the job. They
// are not in a job that FromMetadata derived, nor where ParseFlinkJSON found a gap.
func (j *Job) EdgesKnown() bool { return !j.derived && !j.lacks(GapEdges) }

// Outputs returns the result partitions of a vertex, by their index. The caller
// must not change them.
func (j *Job) Outputs(vertex int) []Output { return j.outputs[vertex] }

// VertexOf returns the index of the vertex that an operator id, generated or
// user-defined, belongs to. If the user-defined id of one operator is the
// generated id of another, it is the later vertex.
func (j *Job) VertexOf(id checkpoint.OperatorID) (vertex int, ok bool) {
	vertex, ok = j.owners[id]
	return vertex, ok
}

func (j *Job) index() {
	j.owners = map[checkpoint.OperatorID]int{}
	j.outputs = make([][]Output, len(j.vertices))
	for i := range j.vertices {
		for _, op := range j.vertices[i].Operators {
			j.owners[op.ID] = i
			if op.UserDefined != nil {
				j.owners[*op.UserDefined] = i
			}
		}
		for _, in := range j.vertices[i].Inputs {
			j.outputs[in.From] = append(j.outputs[in.From], Output{})
		}
	}
	for i := range j.vertices {
		for gate, in := range j.vertices[i].Inputs {
			j.outputs[in.From][in.Output] = Output{To: i, Gate: gate}
		}
	}
}
