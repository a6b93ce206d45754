package restore

import (
	"errors"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// Decide validates, checks what had finished, and assigns, as a coordinator does
// when a job starts. If the answer is no, the error is every *Refusal that there
// is, joined, and not only the first.
//
// What Validate dropped is in the assignment's NotRestored.
func Decide(md *checkpoint.Metadata, j *job.Job, allowNonRestored bool) (*Assignment, error) {
	validated, invalid := Validate(md, j, allowNonRestored)
	operators := slices.DeleteFunc(slices.Clone(md.Operators), func(op checkpoint.OperatorState) bool {
		_, known := j.VertexOf(op.ID)
		return !known
	})
	a, err := Assign(md.CheckpointID, j, operators, nil)
	refusals := collect(nil, invalid, CheckFinished(j, operators), err)
	if len(refusals) == 0 {
		a.NotRestored = append(validated.Dropped, a.NotRestored...)
		return a, nil
	}
	return nil, errors.Join(oneByOne(refusals, j, operators)...)
}

// oneByOne looks for what the first refusal hides: it asks of each vertex alone,
// with the others as they were.
func oneByOne(refusals []error, j *job.Job, operators []checkpoint.OperatorState) []error {
	asBefore, _ := unscaled(j, statesByID(operators))
	for i, v := range j.Vertices() {
		if asBefore == nil {
			break
		}
		if alone, err := asBefore.WithParallelism(onlyAt(i, v.Parallelism)); err == nil {
			_, err = Assign(0, alone, operators, nil)
			refusals = collect(refusals, err)
		}
	}
	return refusals
}

// collect takes joined errors apart and adds those that are not there yet.
func collect(to []error, more ...error) []error {
	for _, err := range more {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			to = collect(to, joined.Unwrap()...)
		} else if err != nil && !contains(to, err) {
			to = append(to, err)
		}
	}
	return to
}

func contains(errs []error, err error) bool {
	for _, e := range errs {
		if e.Error() == err.Error() {
			return true
		}
	}
	return false
}
