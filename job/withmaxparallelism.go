package job

import "slices"

// WithMaxParallelism returns the job with the max parallelisms, by vertex, that a
// restored checkpoint has given it. Which of them the user chose is not changed by
// that: what a later checkpoint may override is what it was.
func (j *Job) WithMaxParallelism(byVertex []int32) *Job {
	changed := *j
	changed.vertices = slices.Clone(j.vertices)
	for i := range changed.vertices {
		changed.vertices[i].MaxParallelism = byVertex[i]
	}
	return &changed
}
