package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
)

func writeInspectTables(w io.Writer, report *inspectReport, opts *inspectOptions) error {
	if err := writeFields(w, inspectHeading(report)...); err != nil {
		return err
	}
	for _, part := range []struct {
		title string
		shown bool
		table table.Writer
	}{
		{"OPERATORS", true, operatorTable(report.Operators)},
		{"SUBTASKS", opts.subtasks, subtaskTable(report.Operators)},
		{"MASTER STATES", len(report.MasterStates) > 0, masterStateTable(report.MasterStates)},
		{"FILES", opts.files, fileTable(report.Files)},
	} {
		if !part.shown {
			continue
		}
		if err := writeTable(w, part.title, part.table); err != nil {
			return err
		}
	}
	return nil
}

func inspectHeading(report *inspectReport) []field {
	fields := []field{
		{"snapshot", fmt.Sprintf("%s %d", describeSnapshot(report), report.CheckpointID)},
		{"pointer", report.Pointer},
		{"metadata", fmt.Sprintf("%s (version %d, %s)", report.MetadataFile, report.MetadataVersion, size(report.MetadataBytes))},
		{"state", describeState(report)},
	}
	if report.Properties != nil {
		fields = append(fields, field{"properties", describeProperties(report.Properties)})
	}
	return fields
}

// describeSnapshot says what kind of snapshot it is: "canonical savepoint".
func describeSnapshot(report *inspectReport) string {
	kind := cmp.Or(report.SnapshotType, "checkpoint or savepoint")
	if report.SavepointFormat != "" {
		kind = strings.ToLower(report.SavepointFormat) + " " + kind
	}
	return kind
}

func describeState(report *inspectReport) string {
	var inFiles int64
	for _, f := range report.Files {
		inFiles += max(f.Bytes, 0)
	}
	return fmt.Sprintf("%s in %s, %s with %s",
		cmp.Or(size(report.StateBytes), "none"), count(len(report.Operators), "operator"),
		count(len(report.Files), "file"), cmp.Or(size(inFiles), "0 B"))
}

func describeProperties(p *propertiesReport) string {
	said := []string{p.Name}
	for _, property := range []struct {
		set  bool
		name string
	}{
		{p.PostCheckpointAction != "" && p.PostCheckpointAction != "NONE", "then " + strings.ToLower(p.PostCheckpointAction)},
		{p.Forced, "forced"},
		{p.Unclaimed, "unclaimed"},
	} {
		if property.set {
			said = append(said, property.name)
		}
	}
	return strings.Join(append(said, describeDiscard(p)), ", ")
}

func describeDiscard(p *propertiesReport) string {
	var when []string
	for _, end := range []struct {
		discarded bool
		name      string
	}{
		{p.DiscardSubsumed, "subsumed"},
		{p.DiscardFinished, "finished"},
		{p.DiscardCancelled, "cancelled"},
		{p.DiscardFailed, "failed"},
		{p.DiscardSuspended, "suspended"},
	} {
		if end.discarded {
			when = append(when, end.name)
		}
	}
	if len(when) == 0 {
		return "never discarded by Flink"
	}
	return "discarded when " + strings.Join(when, ", ")
}

func operatorTable(operators []operatorReport) table.Writer {
	t := newTable("uid", "name", "par", "max", "keyed", "operator", "in flight", "coordinator", "finished", "id")
	alignRight(t, 3, 4, 5, 6, 7, 8)
	for i := range operators {
		op := &operators[i]
		sum, finished := totals(op)
		t.AppendRow(table.Row{
			printable(op.UID), printable(op.Name), op.Parallelism, op.MaxParallelism,
			size(sum.ManagedKeyedBytes + sum.RawKeyedBytes),
			size(sum.ManagedOperatorBytes + sum.RawOperatorBytes),
			size(sum.InputChannelBytes + sum.ResultSubpartitionBytes),
			size(op.CoordinatorBytes), finished, op.ID,
		})
	}
	return t
}

// totals adds the sizes of all subtasks up, and says how many had finished.
func totals(op *operatorReport) (sum subtaskReport, finished string) {
	n := 0
	for i := range op.Subtasks {
		s := &op.Subtasks[i]
		sum.ManagedOperatorBytes += s.ManagedOperatorBytes
		sum.RawOperatorBytes += s.RawOperatorBytes
		sum.ManagedKeyedBytes += s.ManagedKeyedBytes
		sum.RawKeyedBytes += s.RawKeyedBytes
		sum.InputChannelBytes += s.InputChannelBytes
		sum.ResultSubpartitionBytes += s.ResultSubpartitionBytes
		if s.Finished {
			n++
		}
	}
	switch {
	case op.FullyFinished:
		return sum, "all"
	case n > 0:
		return sum, fmt.Sprintf("%d of %d", n, op.Parallelism)
	}
	return sum, ""
}

func subtaskTable(operators []operatorReport) table.Writer {
	t := newTable("operator", "subtask", "keyed", "raw keyed", "operator", "raw operator", "input", "output", "finished")
	alignRight(t, 2, 3, 4, 5, 6, 7, 8)
	for i := range operators {
		label := printable(cmp.Or(operators[i].UID, operators[i].Name, operators[i].ID.String()))
		for _, s := range operators[i].Subtasks {
			finished := ""
			if s.Finished {
				finished = "yes"
			}
			t.AppendRow(table.Row{
				label, s.Index, size(s.ManagedKeyedBytes), size(s.RawKeyedBytes), size(s.ManagedOperatorBytes),
				size(s.RawOperatorBytes), size(s.InputChannelBytes), size(s.ResultSubpartitionBytes), finished,
			})
		}
	}
	return t
}

func masterStateTable(states []masterStateReport) table.Writer {
	t := newTable("name", "version", "bytes")
	alignRight(t, 2, 3)
	for _, s := range states {
		t.AppendRow(table.Row{printable(s.Name), s.Version, s.Bytes})
	}
	return t
}

func fileTable(files []fileReport) table.Writer {
	t := newTable("size", "kind", "path")
	alignRight(t, 1)
	for _, f := range files {
		t.AppendRow(table.Row{size(f.Bytes), f.Kind, printable(f.Path)})
	}
	return t
}

// count prints a number of things: "1 file", "3 files".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
