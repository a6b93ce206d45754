package main

import (
	"cmp"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// restoreReport is the JSON of `cairn restore`. Its keys are stable, as those of
// inspectReport are; docs/restore.md describes it.
type restoreReport struct {
	Pointer          string              `json:"pointer"`
	Answer           string              `json:"answer"` // yes, no or unknown
	Refusals         []refusalReport     `json:"refusals"`
	Unknown          []unknownReport     `json:"unknown"`
	Missing          []lostReport        `json:"missing"` // files without which it does not restore
	MetadataFile     string              `json:"metadataFile"`
	CheckpointID     int64               `json:"checkpointId"`
	NextCheckpointID int64               `json:"nextCheckpointId"` // that of the job's next checkpoint
	ClaimMode        string              `json:"claimMode"`
	DryRun           bool                `json:"dryRun"`
	Vertices         []vertexReport      `json:"vertices"`
	NotRestored      []notRestoredReport `json:"notRestored"`
	Read             *readReport         `json:"read"` // null for a dry run
}

type vertexReport struct {
	ID                checkpoint.JobVertexID `json:"id"`
	Name              string                 `json:"name"`
	Parallelism       int32                  `json:"parallelism"`
	MaxParallelism    int32                  `json:"maxParallelism"`
	Restored          bool                   `json:"restored"`          // the subtasks are told that they are restored
	FinishedOnRestore bool                   `json:"finishedOnRestore"` // they had finished, and do so again
	Subtasks          []subtaskRestoreReport `json:"subtasks"`
}

type subtaskRestoreReport struct {
	Index     int32                   `json:"index"`
	KeyGroups keyGroupsReport         `json:"keyGroups"` // that it owns
	Operators []operatorRestoreReport `json:"operators"` // the head of the chain first
}

// keyGroupsReport is a range of key groups, both ends included.
type keyGroupsReport struct {
	First int32 `json:"first"`
	Last  int32 `json:"last"`
}

// operatorRestoreReport is what one subtask gets of one operator.
type operatorRestoreReport struct {
	ID                      checkpoint.OperatorID `json:"id"`
	UID                     string                `json:"uid"`
	Name                    string                `json:"name"`
	OldParallelism          int32                 `json:"oldParallelism"` // 0 if the checkpoint has no state for it
	States                  []stateReport         `json:"states"`         // named operator states
	KeyedState              []keyedReport         `json:"keyedState"`
	ManagedOperatorBytes    int64                 `json:"managedOperatorBytes"`
	RawOperatorBytes        int64                 `json:"rawOperatorBytes"`
	ManagedKeyedBytes       int64                 `json:"managedKeyedBytes"`
	RawKeyedBytes           int64                 `json:"rawKeyedBytes"`
	InputChannelBytes       int64                 `json:"inputChannelBytes"`
	ResultSubpartitionBytes int64                 `json:"resultSubpartitionBytes"`
	InlineBytes             int64                 `json:"inlineBytes"` // that need no file
	Files                   []string              `json:"files"`       // to read, each once
	FileBytes               int64                 `json:"fileBytes"`   // of them, in full
}

type stateReport struct {
	Name       string `json:"name"`
	Mode       string `json:"mode"` // SPLIT_DISTRIBUTE, UNION or BROADCAST
	Raw        bool   `json:"raw"`
	Partitions int    `json:"partitions"`
}

type keyedReport struct {
	KeyGroups keyGroupsReport `json:"keyGroups"` // that the handle covers
	Raw       bool            `json:"raw"`
	Bytes     int64           `json:"bytes"`
}

type notRestoredReport struct {
	ID             checkpoint.OperatorID `json:"id"`
	UID            string                `json:"uid"`
	Name           string                `json:"name"`
	StateBytes     int64                 `json:"stateBytes"`
	HasCoordinator bool                  `json:"hasCoordinator"`
	Reason         string                `json:"reason"`
}

type readReport struct {
	Handles int64 `json:"handles"`
	Bytes   int64 `json:"bytes"`
}

func newRestoreReport(restored *coordinator.Restored, dryRun bool) *restoreReport {
	report := &restoreReport{
		Pointer:          restored.Location().ExternalPointer(),
		Answer:           answerYes,
		Refusals:         []refusalReport{},
		Unknown:          []unknownReport{},
		Missing:          []lostReport{},
		MetadataFile:     restored.Location().MetadataPath(),
		CheckpointID:     restored.CheckpointID,
		NextCheckpointID: restored.NextCheckpointID,
		ClaimMode:        strings.ToLower(restored.ClaimMode.String()),
		DryRun:           dryRun,
		Vertices:         make([]vertexReport, 0, len(restored.Assignment.Vertices)),
		NotRestored:      make([]notRestoredReport, 0, len(restored.NotRestored)),
	}
	for i := range restored.Assignment.Vertices {
		report.Vertices = append(report.Vertices, newVertexReport(&restored.Assignment.Vertices[i], report.Pointer))
	}
	for _, left := range restored.NotRestored {
		report.NotRestored = append(report.NotRestored, newNotRestoredReport(left))
	}
	return report
}

// newRefusedReport is the report of a checkpoint that was not restored.
func newRefusedReport(loaded *loaded, d *decision, opts *restoreOptions) *restoreReport {
	return &restoreReport{
		Pointer:      loaded.pointer,
		Answer:       d.answer(),
		Refusals:     refusalReports(d.refused),
		Unknown:      unknownReports(d.doubts),
		Missing:      []lostReport{},
		MetadataFile: loaded.metadataFile,
		CheckpointID: loaded.file.CheckpointID,
		ClaimMode:    opts.claimMode.String(),
		DryRun:       opts.dryRun,
		Vertices:     []vertexReport{},
		NotRestored:  []notRestoredReport{},
	}
}

func newVertexReport(v *restore.VertexAssignment, dir string) vertexReport {
	report := vertexReport{
		ID:                v.Vertex.ID,
		Name:              vertexLabel(v.Vertex),
		Parallelism:       v.Parallelism,
		MaxParallelism:    v.MaxParallelism,
		Restored:          v.Restored,
		FinishedOnRestore: v.FinishedOnRestore,
		Subtasks:          make([]subtaskRestoreReport, 0, v.Parallelism),
	}
	for task := range v.Subtasks() {
		subtask := subtaskRestoreReport{
			Index:     task.Subtask,
			KeyGroups: newKeyGroupsReport(task.KeyGroups),
			Operators: make([]operatorRestoreReport, len(task.Operators)),
		}
		for i := range task.Operators {
			subtask.Operators[i] = newOperatorRestoreReport(&v.Operators[i], &task.Operators[i], dir)
		}
		report.Subtasks = append(report.Subtasks, subtask)
	}
	return report
}

// vertexLabel is what people call a vertex: its name, else its operators'.
func vertexLabel(v *job.Vertex) string {
	if v.Name != "" {
		return v.Name
	}
	labels := make([]string, len(v.Operators))
	for i := range v.Operators {
		labels[i] = v.Operators[i].Label()
	}
	return strings.Join(labels, " -> ")
}

func newKeyGroupsReport(r checkpoint.KeyGroupRange) keyGroupsReport {
	return keyGroupsReport{First: r.Start, Last: r.Last()}
}

func newOperatorRestoreReport(op *restore.OperatorAssignment, gets *restore.OperatorRestore, dir string) operatorRestoreReport {
	sum := gets.Summary()
	report := operatorRestoreReport{
		ID:                      gets.ID,
		UID:                     op.Operator.UID,
		Name:                    op.Operator.Name,
		States:                  stateReports(sum.States),
		KeyedState:              []keyedReport{},
		ManagedOperatorBytes:    sum.ManagedOperatorBytes,
		RawOperatorBytes:        sum.RawOperatorBytes,
		ManagedKeyedBytes:       sum.ManagedKeyedBytes,
		RawKeyedBytes:           sum.RawKeyedBytes,
		InputChannelBytes:       sum.InputChannelBytes,
		ResultSubpartitionBytes: sum.ResultSubpartitionBytes,
		InlineBytes:             sum.InlineBytes,
		Files:                   filesOf(gets, dir),
		FileBytes:               sum.FileBytes,
	}
	if op.State != nil {
		report.OldParallelism = op.State.Parallelism
		report.UID = cmp.Or(report.UID, op.State.UID)
		report.Name = cmp.Or(report.Name, op.State.Name)
	}
	for _, h := range gets.ManagedKeyedState {
		report.KeyedState = append(report.KeyedState, keyedReport{KeyGroups: newKeyGroupsReport(h.KeyGroups()), Bytes: h.StateSize()})
	}
	for _, h := range gets.RawKeyedState {
		report.KeyedState = append(report.KeyedState, keyedReport{KeyGroups: newKeyGroupsReport(h.KeyGroups()), Raw: true, Bytes: h.StateSize()})
	}
	return report
}

func newNotRestoredReport(left restore.NotRestored) notRestoredReport {
	return notRestoredReport{
		ID: left.Operator.ID, UID: left.Operator.UID, Name: left.Operator.Name,
		StateBytes: left.StateBytes, HasCoordinator: left.Coordinator, Reason: string(left.Reason),
	}
}

func stateReports(states []restore.StateShare) []stateReport {
	reports := make([]stateReport, len(states))
	for i, s := range states {
		reports[i] = stateReport{Name: s.Name, Mode: s.Mode.String(), Raw: s.Raw, Partitions: s.Partitions}
	}
	return reports
}

// filesOf returns the files that the subtask reads for the operator, each once.
func filesOf(gets *restore.OperatorRestore, dir string) []string {
	files := []string{}
	seen := make(map[string]bool)
	for handle := range gets.Streams() {
		if path := pathOf(handle, dir); path != "" && !seen[path] {
			seen[path] = true
			files = append(files, path)
		}
	}
	return files
}

// pathOf returns the file of the state; empty if it is in the metadata itself.
func pathOf(handle checkpoint.StreamStateHandle, dir string) string {
	switch h := handle.(type) {
	case *checkpoint.FileStateHandle:
		return h.Path
	case *checkpoint.RelativeFileStateHandle:
		return checkpoint.JoinPath(dir, h.RelativePath)
	case *checkpoint.SegmentFileStateHandle:
		return h.PhysicalPath
	}
	return ""
}
