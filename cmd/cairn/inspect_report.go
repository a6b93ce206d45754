package main

import "github.com/cairnstate/cairn/checkpoint"

// inspectReport is the JSON of `cairn inspect`. Its keys are stable: keys are
// added, none is renamed, removed or given another meaning. docs/inspect.md
// describes it, and a test holds that page against this struct.
type inspectReport struct {
	Pointer         string              `json:"pointer"`         // qualified, the checkpoint's directory
	MetadataFile    string              `json:"metadataFile"`    // the path of the metadata file
	MetadataBytes   int64               `json:"metadataBytes"`   // its size
	MetadataVersion int                 `json:"metadataVersion"` // 2 to 7
	CheckpointID    int64               `json:"checkpointId"`
	SnapshotType    string              `json:"snapshotType"`    // "checkpoint", "savepoint", or "" where the file does not say
	SavepointFormat string              `json:"savepointFormat"` // "CANONICAL", "NATIVE" or ""
	Properties      *propertiesReport   `json:"properties"`      // null before metadata version 4
	StateBytes      int64               `json:"stateBytes"`
	MasterStates    []masterStateReport `json:"masterStates"`
	Operators       []operatorReport    `json:"operators"` // in the order of the file
	Files           []fileReport        `json:"files"`     // each file once, in the order of first reference
}

type propertiesReport struct {
	Name                 string `json:"name"`
	SharingFilesStrategy string `json:"sharingFilesStrategy"`
	PostCheckpointAction string `json:"postCheckpointAction"`
	Forced               bool   `json:"forced"`
	DiscardSubsumed      bool   `json:"discardSubsumed"`
	DiscardFinished      bool   `json:"discardFinished"`
	DiscardCancelled     bool   `json:"discardCancelled"`
	DiscardFailed        bool   `json:"discardFailed"`
	DiscardSuspended     bool   `json:"discardSuspended"`
	Unclaimed            bool   `json:"unclaimed"`
}

type masterStateReport struct {
	Name    string `json:"name"`
	Version int32  `json:"version"`
	Bytes   int    `json:"bytes"`
}

type operatorReport struct {
	ID               checkpoint.OperatorID `json:"id"`
	UID              string                `json:"uid"`  // "" where the file does not say
	Name             string                `json:"name"` // "" where the file does not say
	Parallelism      int32                 `json:"parallelism"`
	MaxParallelism   int32                 `json:"maxParallelism"`
	FullyFinished    bool                  `json:"fullyFinished"`
	CoordinatorBytes int64                 `json:"coordinatorBytes"`
	StateBytes       int64                 `json:"stateBytes"`
	Subtasks         []subtaskReport       `json:"subtasks"`
}

type subtaskReport struct {
	Index                   int32 `json:"index"`
	Finished                bool  `json:"finished"`
	ManagedOperatorBytes    int64 `json:"managedOperatorBytes"`
	RawOperatorBytes        int64 `json:"rawOperatorBytes"`
	ManagedKeyedBytes       int64 `json:"managedKeyedBytes"`
	RawKeyedBytes           int64 `json:"rawKeyedBytes"`
	InputChannelBytes       int64 `json:"inputChannelBytes"`
	ResultSubpartitionBytes int64 `json:"resultSubpartitionBytes"`
}

type fileReport struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"` // -1 where the file does not say
	Kind  string `json:"kind"`
}

// newInspectReport tells what the metadata file says. It reads nothing else.
func newInspectReport(loaded *loaded) *inspectReport {
	file := loaded.file
	report := &inspectReport{
		Pointer:         loaded.pointer,
		MetadataFile:    loaded.metadataFile,
		MetadataBytes:   loaded.size,
		MetadataVersion: file.Version,
		CheckpointID:    file.CheckpointID,
		MasterStates:    make([]masterStateReport, 0, len(file.MasterStates)),
		Operators:       make([]operatorReport, 0, len(file.Operators)),
		Files:           newFileReports(loaded.pointer, file.Files()),
		StateBytes:      file.StateSize(),
	}
	if p := file.Properties; p != nil {
		report.Properties = newPropertiesReport(p)
		report.SavepointFormat = string(p.Type.Format)
		report.SnapshotType = "checkpoint"
		if p.Type.Savepoint {
			report.SnapshotType = "savepoint"
		}
	}
	for _, s := range file.MasterStates {
		report.MasterStates = append(report.MasterStates, masterStateReport{Name: s.Name, Version: s.Version, Bytes: len(s.Payload)})
	}
	for i := range file.Operators {
		report.Operators = append(report.Operators, newOperatorReport(&file.Operators[i]))
	}
	return report
}

func newPropertiesReport(p *checkpoint.Properties) *propertiesReport {
	return &propertiesReport{
		Name:                 p.Type.Name,
		SharingFilesStrategy: string(p.Type.Sharing),
		PostCheckpointAction: string(p.Type.Action),
		Forced:               p.Forced,
		DiscardSubsumed:      p.DiscardSubsumed,
		DiscardFinished:      p.DiscardFinished,
		DiscardCancelled:     p.DiscardCancelled,
		DiscardFailed:        p.DiscardFailed,
		DiscardSuspended:     p.DiscardSuspended,
		Unclaimed:            p.Unclaimed,
	}
}

func newOperatorReport(op *checkpoint.OperatorState) operatorReport {
	report := operatorReport{
		ID:             op.ID,
		UID:            op.UID,
		Name:           op.Name,
		Parallelism:    op.Parallelism,
		MaxParallelism: op.MaxParallelism,
		FullyFinished:  op.FullyFinished,
		StateBytes:     op.StateSize(),
		Subtasks:       make([]subtaskReport, 0, len(op.Subtasks)),
	}
	if op.Coordinator != nil {
		report.CoordinatorBytes = op.Coordinator.StateSize()
	}
	for i := range op.Subtasks {
		report.Subtasks = append(report.Subtasks, newSubtaskReport(&op.Subtasks[i]))
	}
	return report
}

func newSubtaskReport(subtask *checkpoint.SubtaskState) subtaskReport {
	report := subtaskReport{Index: subtask.Index, Finished: subtask.Finished}
	state := subtask.State
	if state == nil {
		return report
	}
	if h := state.ManagedOperatorState; h != nil {
		report.ManagedOperatorBytes = h.StateSize()
	}
	if h := state.RawOperatorState; h != nil {
		report.RawOperatorBytes = h.StateSize()
	}
	if h := state.ManagedKeyedState; h != nil {
		report.ManagedKeyedBytes = h.StateSize()
	}
	if h := state.RawKeyedState; h != nil {
		report.RawKeyedBytes = h.StateSize()
	}
	report.InputChannelBytes = state.Channels.InputSize()
	report.ResultSubpartitionBytes = state.Channels.ResultSubpartitionSize()
	return report
}

// newFileReports tells each file by its absolute path, those beside the metadata
// in the directory where that was found.
func newFileReports(dir string, files []checkpoint.ReferencedFile) []fileReport {
	reports := make([]fileReport, len(files))
	for i, f := range files {
		reports[i] = fileReport{Path: f.Path, Bytes: f.Bytes, Kind: string(f.Kind)}
		if f.Relative {
			reports[i].Path = checkpoint.JoinPath(dir, f.Path)
		}
	}
	return reports
}
