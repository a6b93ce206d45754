package main

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
)

func writeRestoreTables(w io.Writer, report *restoreReport) error {
	if err := writeFields(w, restoreHeading(report)...); err != nil {
		return err
	}
	for i := range report.Vertices {
		if err := writeVertex(w, &report.Vertices[i]); err != nil {
			return err
		}
	}
	if len(report.NotRestored) > 0 {
		return writeTable(w, "NOT RESTORED", notRestoredTable(report.NotRestored))
	}
	return nil
}

func restoreHeading(report *restoreReport) []field {
	fields := []field{
		{"resolved", report.MetadataFile},
		{"validated", describeValidation(report)},
		{"registered", fmt.Sprintf("checkpoint %d, claim mode %s; the job's next is %d", report.CheckpointID, report.ClaimMode, report.NextCheckpointID)},
	}
	if report.Read == nil {
		return append(fields, field{"read", "nothing, this is a dry run"})
	}
	return append(fields, field{"read", fmt.Sprintf("%s behind %s, every one that a subtask gets",
		cmp.Or(size(report.Read.Bytes), "0 B"), count(int(report.Read.Handles), "state handle"))})
}

func describeValidation(report *restoreReport) string {
	operators := 0
	for i := range report.Vertices {
		if subtasks := report.Vertices[i].Subtasks; len(subtasks) > 0 {
			operators += len(subtasks[0].Operators)
		}
	}
	said := fmt.Sprintf("%s in %s", count(operators, "operator"), count(len(report.Vertices), "vertex"))
	said = strings.Replace(said, "vertexs", "vertices", 1)
	if n := len(report.NotRestored); n > 0 {
		return fmt.Sprintf("%s; %s of the checkpoint left behind", said, count(n, "operator"))
	}
	return said + "; all state has an operator"
}

func writeVertex(w io.Writer, v *vertexReport) error {
	if !v.hasState() {
		_, err := fmt.Fprintf(w, "\n%s\nno state\n", vertexTitle(v))
		return err
	}
	return writeTable(w, vertexTitle(v), vertexTable(v))
}

func (v *vertexReport) hasState() bool {
	for i := range v.Subtasks {
		for k := range v.Subtasks[i].Operators {
			if v.Subtasks[i].Operators[k].hasState() {
				return true
			}
		}
	}
	return false
}

// vertexTable shows a row for each operator that a subtask gets state for.
func vertexTable(v *vertexReport) table.Writer {
	t := newTable("subtask", "key groups", "operator", "keyed", "partitions", "in flight", "files")
	alignRight(t, 1, 4, 6)
	t.SuppressEmptyColumns()
	for i := range v.Subtasks {
		subtask := &v.Subtasks[i]
		rows := 0
		for k := range subtask.Operators {
			op := &subtask.Operators[k]
			if !op.hasState() {
				continue
			}
			t.AppendRow(table.Row{
				subtask.Index, op.describeKeyGroups(subtask.KeyGroups), operatorLabel(subtask, op),
				size(op.ManagedKeyedBytes + op.RawKeyedBytes), op.describeStates(),
				size(op.InputChannelBytes + op.ResultSubpartitionBytes), op.describeFiles(),
			})
			rows++
		}
		if rows == 0 {
			t.AppendRow(table.Row{subtask.Index, "", "", "", "", "", "nothing"})
		}
	}
	return t
}

func vertexTitle(v *vertexReport) string {
	title := fmt.Sprintf("%s: %s, %s", printable(v.Name), describeParallelism(v), count(int(v.MaxParallelism), "key group"))
	switch {
	case v.FinishedOnRestore:
		return title + ", had finished"
	case !v.Restored:
		return title + ", starts afresh"
	}
	return title
}

// describeParallelism says how the parallelism changes: "parallelism 4 to 3".
func describeParallelism(v *vertexReport) string {
	for i := range v.Subtasks {
		for _, op := range v.Subtasks[i].Operators {
			if op.OldParallelism != 0 && op.OldParallelism != v.Parallelism {
				return fmt.Sprintf("parallelism %d to %d", op.OldParallelism, v.Parallelism)
			}
		}
	}
	return fmt.Sprintf("parallelism %d", v.Parallelism)
}

func (op *operatorRestoreReport) hasState() bool {
	return len(op.States) > 0 || len(op.KeyedState) > 0 || len(op.Files) > 0 || op.InlineBytes > 0 ||
		op.InputChannelBytes > 0 || op.ResultSubpartitionBytes > 0
}

// describeKeyGroups shows the key groups where there is keyed state to go with them.
func (op *operatorRestoreReport) describeKeyGroups(owned keyGroupsReport) string {
	if len(op.KeyedState) == 0 {
		return ""
	}
	return fmt.Sprintf("%d-%d", owned.First, owned.Last)
}

// operatorLabel names the operator where the vertex has several.
func operatorLabel(subtask *subtaskRestoreReport, op *operatorRestoreReport) string {
	if len(subtask.Operators) == 1 {
		return ""
	}
	return printable(cmp.Or(op.UID, op.Name, op.ID.String()))
}

// describeStates shows how many elements there are of each operator state:
// "offsets 6 union, buffer 2".
func (op *operatorRestoreReport) describeStates() string {
	said := make([]string, len(op.States))
	for i, s := range op.States {
		said[i] = fmt.Sprintf("%s %d", printable(s.Name), s.Partitions)
		if s.Mode != "SPLIT_DISTRIBUTE" {
			said[i] += " " + strings.ToLower(s.Mode)
		}
		if s.Raw {
			said[i] += " raw"
		}
	}
	return strings.Join(said, ", ")
}

// filesShown is how many files a row names; the JSON names all.
const filesShown = 3

// describeFiles shows the beginnings of the files' names.
func (op *operatorRestoreReport) describeFiles() string {
	var said []string
	for i, file := range op.Files {
		if i == filesShown {
			said = append(said, fmt.Sprintf("and %d more", len(op.Files)-filesShown))
			break
		}
		said = append(said, shorten(printable(path.Base(file))))
	}
	if op.InlineBytes > 0 {
		said = append(said, size(op.InlineBytes)+" inline")
	}
	return strings.Join(said, ", ")
}

// shorten cuts a file's name, mostly a UUID, down to where it tells files apart.
func shorten(name string) string {
	if first, _, uuid := strings.Cut(name, "-"); uuid && len(first) == 8 {
		return first + "…"
	}
	return name
}

func notRestoredTable(left []notRestoredReport) table.Writer {
	t := newTable("uid", "name", "state", "reason", "id")
	alignRight(t, 3)
	for _, n := range left {
		t.AppendRow(table.Row{printable(n.UID), printable(n.Name), size(n.StateBytes), n.Reason, n.ID})
	}
	return t
}
