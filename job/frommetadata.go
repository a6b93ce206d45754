package job

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
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
// parallelism counts as not configured. Errors about the checkpoint itself are
// ErrOperatorTwice; others are about p.
func FromMetadata(md *checkpoint.Metadata, p Parallelism) (*Job, error) {
	if err := distinct(md.Operators); err != nil {
		return nil, err
	}
	parallelisms, err := p.resolve(md.Operators)
	if err != nil {
		return nil, err
	}
	vertices := make([]Vertex, len(md.Operators))
	for i := range md.Operators {
		op := &md.Operators[i]
		vertices[i] = Vertex{
			Name:        cmp.Or(op.Name, op.UID),
			Parallelism: parallelisms[i],
			Operators:   []Operator{{ID: op.ID, UID: op.UID, Name: op.Name}},
		}
	}
	j, err := ofVertices(vertices) // with the ids that the checkpoint has, be they zero
	if err != nil {
		return nil, err
	}
	j.derived = true
	return j, nil
}

// ErrOperatorTwice says that a checkpoint has two operators of one id. No Flink writes
// that, and who restored it would lose the state of one.
var ErrOperatorTwice = errors.New("the checkpoint has an operator twice")

func distinct(operators []checkpoint.OperatorState) error {
	seen := make(map[checkpoint.OperatorID]int, len(operators))
	for i := range operators {
		if first, twice := seen[operators[i].ID]; twice {
			return fmt.Errorf("job: %w: %d and %d of %d have the id %s; its metadata is damaged, or was not written by Flink",
				ErrOperatorTwice, first+1, i+1, len(operators), operators[i].ID)
		}
		seen[operators[i].ID] = i
	}
	return nil
}

// resolve returns the parallelism of each operator.
func (p Parallelism) resolve(operators []checkpoint.OperatorState) ([]int32, error) {
	parallelisms := make([]int32, len(operators))
	for i := range operators {
		parallelisms[i] = cmp.Or(p.All, operators[i].Parallelism)
	}
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(p.ByOperator)) {
		switch named := operatorsNamed(operators, key); len(named) {
		case 0:
			problems = append(problems, fmt.Errorf("job: the checkpoint has no operator with uid, id or name %q", key))
		case 1:
			parallelisms[named[0]] = p.ByOperator[key]
		default:
			problems = append(problems, fmt.Errorf("job: %d operators are named %q; use the uid or the id", len(named), key))
		}
	}
	return parallelisms, errors.Join(problems...)
}

// operatorsNamed returns the operator with a uid or an id, or else those with a
// name. Checkpoints before Flink 2.0 store no uids, but ids that are made of them.
func operatorsNamed(operators []checkpoint.OperatorState, key string) []int {
	hash := checkpoint.OperatorIDFromUID(key)
	var named []int
	for i := range operators {
		op := &operators[i]
		if op.ID == hash || op.UID == key || strings.EqualFold(op.ID.String(), key) {
			return []int{i}
		}
		if op.Name == key {
			named = append(named, i)
		}
	}
	return named
}
