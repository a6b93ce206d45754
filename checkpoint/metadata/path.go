package metadata

import (
	"fmt"
	"iter"

	"github.com/cairnstate/cairn/checkpoint"
)

// place is where decoder and encoder are in the value: a stack of steps, kept so
// that an error can tell. It costs a few stores a step and no allocation.
type place struct {
	steps []step
	err   error // the first thing that went wrong; nothing is read or written after it
}

// step is one level of a place.
type step struct {
	what  string
	index int                    // what it is the index-th of; noIndex for none
	of    int                    // how many there are; 0 to not tell
	id    *checkpoint.OperatorID // of the operator, once it is known
}

const noIndex = -1

func (p *place) enter(what string) { p.steps = append(p.steps, step{what: what, index: noIndex}) }
func (p *place) leave()            { p.steps = p.steps[:len(p.steps)-1] }
func (p *place) here() *step       { return &p.steps[len(p.steps)-1] }

// each counts through n things of a kind, for as long as nothing goes wrong.
func (p *place) each(what string, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		p.steps = append(p.steps, step{what: what, of: n})
		for i := 0; i < n && p.err == nil; i++ {
			p.here().index = i + 1
			if !yield(i) {
				break
			}
		}
		p.leave()
	}
}

// wrong remembers the first error, with the place.
func (p *place) wrong(offset int, err error) {
	if p.err != nil {
		return
	}
	path := make([]string, len(p.steps))
	for i, s := range p.steps {
		path[i] = s.String()
	}
	p.err = &Error{Offset: int64(offset), Path: path, Err: err}
}

// String returns the step as errors print it: "operator 3 of 7 (cbc3…)".
func (s step) String() string {
	text := s.what
	if s.index != noIndex {
		text = fmt.Sprintf("%s %d", text, s.index)
	}
	if s.of > 0 {
		text = fmt.Sprintf("%s of %d", text, s.of)
	}
	if s.id != nil {
		text = fmt.Sprintf("%s (id %s)", text, s.id)
	}
	return text
}
