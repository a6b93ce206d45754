package job

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
)

// Parallelism says how parallel a job derived from a checkpoint is to be.
type Parallelism struct {
	// All is for operators that ByOperator does not name; 0 leaves each at the
	// parallelism that the checkpoint was taken with.
	All int32

	// ByOperator is by uid, name or operator id, as the checkpoint has them.
	ByOperator map[string]int32
}

// FromMetadata derives a job from a checkpoint: its operators as they were, at
// the same or another parallelism.
//
// A checkpoint does not store chains or edges, so each operator becomes a vertex
// of its own, without inputs. What depends on them is not seen: in-flight data is
// taken to stay within its vertex, and is refused where the parallelism changes;
// finished operators are not checked against those that feed them. The max
// parallelism counts as not configured.
func FromMetadata(md *checkpoint.Metadata, p Parallelism) (*Job, error) {
	d := derivation{wanted: p, hashed: map[checkpoint.OperatorID]string{}, used: map[string]int{}}
	for key := range p.ByOperator {
		d.hashed[OperatorIDOfUID(key)] = key
	}
	vertices := make([]Vertex, len(md.Operators))
	for i := range md.Operators {
		vertices[i] = d.vertex(&md.Operators[i])
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	j, err := New(vertices...)
	if err != nil {
		return nil, err
	}
	j.derived = true
	return j, nil
}

type derivation struct {
	wanted Parallelism
	hashed map[checkpoint.OperatorID]string // keys of ByOperator, taken for uids
	used   map[string]int                   // how many operators each key of ByOperator names
}

func (d *derivation) vertex(op *checkpoint.OperatorState) Vertex {
	v := Vertex{
		Name:        op.Name,
		Parallelism: op.Parallelism,
		Operators:   []Operator{{ID: op.ID, UID: op.UID, Name: op.Name}},
	}
	if v.Name == "" {
		v.Name = op.UID
	}
	if d.wanted.All != 0 {
		v.Parallelism = d.wanted.All
	}
	if key, named := d.keyOf(op); named {
		v.Parallelism = d.wanted.ByOperator[key]
		d.used[key]++
	}
	return v
}

// keyOf returns the key of ByOperator that names an operator: its uid, its id, its
// name, or a uid that makes its id, for checkpoints before Flink 2.0 store none.
func (d *derivation) keyOf(op *checkpoint.OperatorState) (string, bool) {
	for _, key := range []string{op.UID, op.ID.String(), op.Name} {
		if _, named := d.wanted.ByOperator[key]; named && key != "" {
			return key, true
		}
	}
	key, named := d.hashed[op.ID]
	return key, named
}

// check reports keys that name no operator, or several.
func (d *derivation) check() error {
	var problems []error
	for key := range d.wanted.ByOperator {
		switch n := d.used[key]; {
		case n == 0:
			problems = append(problems, fmt.Errorf("job: the checkpoint has no operator with uid, id or name %q", key))
		case n > 1:
			problems = append(problems, fmt.Errorf("job: %d operators are named %q; use the uid or the id", n, key))
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(problems...)
}
