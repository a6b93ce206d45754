package main

import (
	"cmp"
	"errors"
	"math"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
)

// planReport is the JSON of `cairn plan`. Its keys are stable, as those of
// inspectReport are; docs/plan.md describes it.
type planReport struct {
	Pointer       string              `json:"pointer"`
	MetadataFile  string              `json:"metadataFile"`
	CheckpointID  int64               `json:"checkpointId"`
	Answer        string              `json:"answer"` // yes, no or unknown
	Refusals      []refusalReport     `json:"refusals"`
	Unknown       []unknownReport     `json:"unknown"`
	Stored        stateBytesReport    `json:"stored"`
	Read          stateBytesReport    `json:"read"`
	Amplification *float64            `json:"amplification"` // null if nothing is stored
	Vertices      []vertexPlanReport  `json:"vertices"`
	GetNothing    []operatorPlanName  `json:"getNothing"` // operators of the job without state
	NotRestored   []notRestoredReport `json:"notRestored"`
	Suggestions   []suggestionReport  `json:"suggestions"`
}

type refusalReport struct {
	Kind     string `json:"kind"`
	Vertex   string `json:"vertex"`
	Operator string `json:"operator"` // id, empty if none is concerned
	Reason   string `json:"reason"`
	Advice   string `json:"advice"`
}

type unknownReport struct {
	Kind       string `json:"kind"` // operators, max parallelism or edges
	Vertex     string `json:"vertex"`
	Operator   string `json:"operator"`
	StateBytes int64  `json:"stateBytes"`
	Reason     string `json:"reason"`
	Advice     string `json:"advice"`
}

type stateBytesReport struct {
	Keyed    int64 `json:"keyedBytes"`
	Operator int64 `json:"operatorBytes"`
	InFlight int64 `json:"inFlightBytes"`
	Total    int64 `json:"totalBytes"`
}

type vertexPlanReport struct {
	ID                checkpoint.JobVertexID `json:"id"`
	Name              string                 `json:"name"`
	OldParallelism    int32                  `json:"oldParallelism"` // 0 if the checkpoint has no state for it
	Parallelism       int32                  `json:"parallelism"`
	MaxParallelism    int32                  `json:"maxParallelism"`
	Legal             legalReport            `json:"legalParallelism"`
	Restored          bool                   `json:"restored"`
	FinishedOnRestore bool                   `json:"finishedOnRestore"`
	Stored            stateBytesReport       `json:"stored"`
	Read              stateBytesReport       `json:"read"`
	Amplification     *float64               `json:"amplification"`
	Spread            spreadReport           `json:"spread"`
	Subtasks          []subtaskPlanReport    `json:"subtasks"`
}

type legalReport struct {
	Min    int32  `json:"min"`
	Max    int32  `json:"max"` // below min if there is none
	Reason string `json:"reason"`
}

type spreadReport struct {
	Smallest int64    `json:"smallestBytes"`
	Median   int64    `json:"medianBytes"`
	Largest  int64    `json:"largestBytes"`
	Subtask  int32    `json:"largestSubtask"`
	Skew     *float64 `json:"skew"` // null if the median is 0
}

type subtaskPlanReport struct {
	Index     int32            `json:"index"`
	KeyGroups keyGroupsReport  `json:"keyGroups"` // that it owns
	Read      stateBytesReport `json:"read"`
	Inline    int64            `json:"inlineBytes"` // of the bytes read, those in the metadata
	Files     int              `json:"files"`
	States    []stateReport    `json:"states"`
	Paths     []string         `json:"paths"` // null without --files
}

type operatorPlanName struct {
	ID     checkpoint.OperatorID `json:"id"`
	UID    string                `json:"uid"`
	Name   string                `json:"name"`
	Vertex string                `json:"vertex"`
}

type suggestionReport struct {
	Kind   string `json:"kind"`
	Vertex string `json:"vertex"`
	Reason string `json:"reason"`
	Advice string `json:"advice"`
}

func newPlanReport(p *planned) *planReport {
	report := &planReport{
		Pointer:      p.loaded.pointer,
		MetadataFile: p.loaded.metadataFile,
		CheckpointID: p.loaded.file.CheckpointID,
		Answer:       p.answer(),
		Refusals:     refusalReports(p.refused),
		Unknown:      unknownReports(p.doubts),
		Vertices:     []vertexPlanReport{},
		GetNothing:   []operatorPlanName{},
		NotRestored:  []notRestoredReport{},
		Suggestions:  []suggestionReport{},
	}
	for i, v := range p.job.Vertices() {
		report.Vertices = append(report.Vertices, vertexPlanReport{
			ID: v.ID, Name: vertexLabel(v), Parallelism: v.Parallelism, MaxParallelism: p.keyGroups(i),
			Legal:    legalReport{Min: p.ranges[i].Min, Max: p.ranges[i].Max, Reason: p.ranges[i].Reason},
			Subtasks: []subtaskPlanReport{},
		})
	}
	if p.plan != nil {
		report.addPlan(p)
	}
	return report
}

// planned reports whether there are figures: none are where data in flight has no
// known way to go.
func (r *planReport) planned() bool {
	return len(r.Vertices) > 0 && len(r.Vertices[0].Subtasks) > 0
}

func (r *planReport) addPlan(p *planned) {
	r.Stored, r.Read = newStateBytesReport(p.plan.Stored), newStateBytesReport(p.plan.Read)
	r.Amplification = rounded(restore.Amplification(p.plan.Read, p.plan.Stored))
	for i := range p.plan.Vertices {
		r.Vertices[i].add(&p.plan.Vertices[i], p)
		for k := range p.plan.Vertices[i].Vertex.Operators {
			if op := &p.plan.Vertices[i].Vertex.Operators[k]; op.State == nil || !op.State.HasState() {
				r.GetNothing = append(r.GetNothing, nameOperator(op, r.Vertices[i].Name))
			}
		}
	}
	for _, left := range p.assignment.NotRestored {
		r.NotRestored = append(r.NotRestored, newNotRestoredReport(left))
	}
	for _, s := range restore.Suggest(p.plan) {
		r.Suggestions = append(r.Suggestions, suggestionReport{Kind: string(s.Kind), Vertex: s.Vertex, Reason: s.Reason, Advice: s.Advice})
	}
}

func (r *vertexPlanReport) add(v *restore.VertexPlan, p *planned) {
	spread := v.Spread()
	r.OldParallelism, r.MaxParallelism = v.OldParallelism, v.Vertex.MaxParallelism
	r.Restored, r.FinishedOnRestore = v.Vertex.Restored, v.Vertex.FinishedOnRestore
	r.Stored, r.Read = newStateBytesReport(v.Stored), newStateBytesReport(v.Read)
	r.Amplification = rounded(restore.Amplification(v.Read, v.Stored))
	r.Spread = spreadReport{
		Smallest: spread.Smallest, Median: spread.Median, Largest: spread.Largest, Subtask: spread.Subtask,
		Skew: rounded(spread.Skew()),
	}
	for i := range v.Subtasks {
		s := &v.Subtasks[i]
		subtask := subtaskPlanReport{
			Index: s.Subtask, KeyGroups: newKeyGroupsReport(s.KeyGroups), Read: newStateBytesReport(s.Read),
			Inline: s.Inline, Files: s.Files, States: stateReports(s.States),
		}
		if p.files {
			subtask.Paths = pathsOf(v.Vertex.Subtask(s.Subtask), p.loaded.pointer)
		}
		r.Subtasks = append(r.Subtasks, subtask)
	}
}

// pathsOf returns the files that a subtask reads, each once for each operator.
func pathsOf(task restore.TaskRestore, dir string) []string {
	paths := []string{}
	for i := range task.Operators {
		paths = append(paths, filesOf(&task.Operators[i], dir)...)
	}
	return paths
}

func newStateBytesReport(b restore.StateBytes) stateBytesReport {
	return stateBytesReport{Keyed: b.Keyed, Operator: b.Operator, InFlight: b.InFlight, Total: b.Total()}
}

func nameOperator(op *restore.OperatorAssignment, vertex string) operatorPlanName {
	named := operatorPlanName{ID: op.Operator.ID, UID: op.Operator.UID, Name: op.Operator.Name, Vertex: vertex}
	if op.State != nil {
		named.UID, named.Name = cmp.Or(named.UID, op.State.UID), cmp.Or(named.Name, op.State.Name)
	}
	return named
}

func refusalReports(err error) []refusalReport {
	reports := []refusalReport{}
	for _, one := range apart(err) {
		refusal, ok := errors.AsType[*restore.Refusal](one)
		if !ok {
			reports = append(reports, refusalReport{Reason: one.Error()})
			continue
		}
		report := refusalReport{Kind: refusal.Kind.Error(), Vertex: refusal.Vertex, Reason: refusal.Reason, Advice: refusal.Advice}
		if refusal.Operator != (checkpoint.OperatorID{}) {
			report.Operator = refusal.Operator.String()
		}
		reports = append(reports, report)
	}
	return reports
}

// apart returns the errors that were joined.
func apart(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

func unknownReports(doubts []restore.Doubt) []unknownReport {
	reports := []unknownReport{}
	for _, d := range doubts {
		report := unknownReport{Kind: string(d.Kind), Vertex: d.Vertex, Reason: d.Reason, Advice: d.Advice}
		if d.Operator != nil {
			report.Operator, report.StateBytes = d.Operator.ID.String(), d.Operator.StateSize()
		}
		reports = append(reports, report)
	}
	return reports
}

// rounded keeps two digits, so that figures are the same on all machines.
func rounded(x float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	x = math.Round(x*100) / 100
	return &x
}
