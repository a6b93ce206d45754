package restore

import (
	"errors"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// Doubt is a gap in the description of a job that matters to a checkpoint: whether
// it restores, or who gets what, depends on what is not said.
type Doubt struct {
	Kind     job.GapKind
	Vertex   string                    // name or id, empty if no single vertex is concerned
	Operator *checkpoint.OperatorState // that was not found; nil if none is concerned
	Reason   string
	Advice   string
}

// Error returns the reason and the advice.
func (d *Doubt) Error() string {
	said := "restore: unknown: "
	if d.Vertex != "" {
		said += "vertex " + d.Vertex + ": "
	}
	return said + d.Reason + "; " + d.Advice
}

const (
	adviceYAML   = "describe the job in a job.yaml"
	adviceInputs = "describe the job with its inputs in a job.yaml"
)

// Doubts tells which gaps of the job matter to a checkpoint, be they gaps of its
// description or the edges that a job derived from the checkpoint lacks, and returns the
// operators that the job is known to have. Of a job without gaps those are all.
//
// An operator that is not found, in a job of which only heads of chains are known,
// may still be there. It is left out, and is a doubt if it has anything to restore.
func Doubts(j *job.Job, operators []checkpoint.OperatorState) (known []checkpoint.OperatorState, doubts []Doubt) {
	d := doubter{job: j, known: operators}
	for _, gap := range j.Gaps() {
		if gap.Kind == job.GapOperators {
			d.unplaced(operators)
		}
	}
	states := statesByID(d.known)
	if len(j.Gaps()) == 0 && !j.EdgesKnown() {
		d.derived(states)
	}
	for _, gap := range j.Gaps() {
		switch gap.Kind {
		case job.GapMaxParallelism:
			d.maxParallelism(gap, states)
		case job.GapEdges:
			d.edges(gap, operators)
		}
	}
	return d.known, d.doubts
}

type doubter struct {
	job    *job.Job
	known  []checkpoint.OperatorState
	doubts []Doubt
}

func (d *doubter) add(kind job.GapKind, vertex string, op *checkpoint.OperatorState, reason string) {
	d.doubts = append(d.doubts, Doubt{Kind: kind, Vertex: vertex, Operator: op, Reason: reason, Advice: adviceYAML})
}

func (d *doubter) unplaced(operators []checkpoint.OperatorState) {
	d.known = nil
	for i := range operators {
		op := &operators[i]
		if _, found := d.job.VertexOf(op.ID); found {
			d.known = append(d.known, *op)
		} else if op.HasState() || hasFinished(op) {
			what := fmt.Sprintf("%d bytes of state", op.StateSize())
			if !op.HasState() {
				what = "finished subtasks"
			}
			d.add(job.GapOperators, "", op, fmt.Sprintf("%s of operator %s: the plan names only chain heads, by generated ids, and this is none of them",
				what, nameAndID(op)))
		}
	}
}

func nameAndID(op *checkpoint.OperatorState) string {
	if op.Name == "" && op.UID == "" {
		return op.ID.String()
	}
	return labelOf(op) + " " + op.ID.String()
}

func hasFinished(op *checkpoint.OperatorState) bool {
	for i := range op.Subtasks {
		if op.Subtasks[i].Finished {
			return true
		}
	}
	return op.FullyFinished
}

// maxParallelism doubts one that may have been chosen, where it would then have to
// be the checkpoint's.
func (d *doubter) maxParallelism(gap job.Gap, states map[checkpoint.OperatorID]*checkpoint.OperatorState) {
	v := d.job.Vertex(gap.Vertex)
	for k := range v.Operators {
		op := stateOf(states, &v.Operators[k])
		if op == nil || op.MaxParallelism == gap.MaxParallelism {
			continue
		}
		d.add(gap.Kind, vertexLabel(v), nil, fmt.Sprintf("the checkpoint has max parallelism %d; of the job's, %s", op.MaxParallelism, gap.Reason))
	}
}

// edges doubts what decides where data in flight goes, and what finished.
func (d *doubter) edges(gap job.Gap, operators []checkpoint.OperatorState) {
	for i := range operators {
		if hasChannels(&operators[i]) || hasFinished(&operators[i]) {
			d.add(gap.Kind, vertexLabel(d.job.Vertex(gap.Vertex)), nil,
				gap.Reason+", and the checkpoint has data in flight or finished subtasks")
			return
		}
	}
}

// derived doubts where data in flight goes in a job that is derived from the checkpoint,
// and so has no edges, if an operator has other subtasks than it had. Assign refuses to
// move that data, since it must not be moved wrongly; in the job that is meant it may
// well be moved.
func (d *doubter) derived(states map[checkpoint.OperatorID]*checkpoint.OperatorState) {
	for _, v := range d.job.Vertices() {
		op := stateOf(states, &v.Operators[0])
		if op != nil && op.Parallelism != v.Parallelism && hasChannels(op) {
			d.doubts = append(d.doubts, Doubt{
				Kind: job.GapEdges, Vertex: vertexLabel(v), Operator: op, Reason: edgesMissing(v, op), Advice: adviceInputs,
			})
		}
	}
}

// Settled takes those refusals away that may come of the doubts, and returns the
// others, joined: with gaps in its edges or chains, a job may be refused for data
// in flight or finished operators that it would restore.
func Settled(refused error, doubts []Doubt) error {
	var certain []error
	for _, err := range collect(nil, refused) {
		uncertain := errors.Is(err, ErrUnrescalable) || errors.Is(err, ErrChained) || errors.Is(err, ErrFinishedState)
		if len(doubts) == 0 || !uncertain {
			certain = append(certain, err)
		}
	}
	return errors.Join(certain...)
}
