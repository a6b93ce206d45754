package job

// GapKind says what kind of thing a description leaves open.
type GapKind string

// The kinds of gaps.
const (
	// GapOperators: of each chain only the head is named, by its generated id. An
	// operator that is not found may be further down a chain, may have its state
	// under a uid hash, or may not be there at all.
	GapOperators GapKind = "operators"
	// GapMaxParallelism: it is not said whether the user chose the vertex's max
	// parallelism, and perhaps not even what it is.
	GapMaxParallelism GapKind = "max parallelism"
	// GapEdges: it is not said which result partition an edge reads, or where its
	// partitioner moves data in flight.
	GapEdges GapKind = "edges"
)

// Gap is something that the description of a job does not say. It is left open
// rather than guessed; restore.Doubts finds the gaps that matter to a checkpoint.
type Gap struct {
	Kind   GapKind
	Vertex int    // index of the vertex; -1 if the whole job is meant
	Reason string // what is not said

	// MaxParallelism is what came about, chosen or not; 0 if even that is not said.
	// It is for GapMaxParallelism.
	MaxParallelism int32
}

// Gaps returns what the description of the job leaves open: nothing, if it came
// from New or ParseYAML. The caller must not change it.
func (j *Job) Gaps() []Gap { return j.gaps }

func (j *Job) lacks(kind GapKind) bool {
	for _, gap := range j.gaps {
		if gap.Kind == kind {
			return true
		}
	}
	return false
}

// WithParallelism returns the job with other parallelisms, by vertex; 0 leaves one
// as it is. A max parallelism stays where the user chose it, and else is no lower
// than the parallelism.
func (j *Job) WithParallelism(byVertex []int32) (*Job, error) {
	vertices := cloneVertices(j.vertices)
	for i, parallelism := range byVertex {
		if v := &vertices[i]; parallelism != 0 {
			v.Parallelism = parallelism
			if !j.configured[i] && v.MaxParallelism < parallelism {
				v.MaxParallelism = 0
			}
		}
	}
	changed, err := ofVertices(vertices)
	if err != nil {
		return nil, err
	}
	changed.configured, changed.derived, changed.gaps = j.configured, j.derived, j.gaps
	return changed, nil
}
