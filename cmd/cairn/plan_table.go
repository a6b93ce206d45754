package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/dustin/go-humanize"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// A plan fits a terminal of planWidth columns. Of more than subtasksShown subtasks
// only the extremes are shown, and how the others are distributed.
const (
	planWidth     = 118
	nameWidth     = 30
	barWidth      = 20
	sparkWidth    = 20
	subtasksShown = 16
	extremesShown = 5
	bucketsShown  = 8
	evenUpTo      = 1.1 // the largest over the smallest: no distribution is shown
)

func writePlanTables(w io.Writer, report *planReport, allSubtasks bool) error {
	err := writeFields(w, planHeading(report)...)
	if err == nil {
		err = writeTable(w, "VERTICES", planVerticesTable(report))
	}
	for i := range report.Vertices {
		if v := &report.Vertices[i]; err == nil && v.Read.Total > 0 {
			err = writeVertexPlan(w, v, allSubtasks)
		}
	}
	for _, part := range []struct {
		title string
		lines []string
	}{
		{"GET NOTHING", nothingLines(report)},
		{"SUGGESTIONS", suggestionLines(report)},
	} {
		if err == nil {
			err = writeLines(w, part.title, part.lines)
		}
	}
	if err == nil && len(report.NotRestored) > 0 {
		err = writeTable(w, "NOT RESTORED", notRestoredTable(report.NotRestored))
	}
	return err
}

func planHeading(report *planReport) []field {
	fields := []field{{"checkpoint", fmt.Sprintf("%d at %s", report.CheckpointID, report.Pointer)}}
	switch report.Answer {
	case answerNo:
		return append(fields, field{"restores", "no, for " + count(len(report.Refusals), "reason")})
	case answerUnknown:
		fields = append(fields, field{"restores", unknownAnswer(len(report.Unknown))})
		if !report.planned() {
			return fields
		}
	default:
		fields = append(fields, field{"restores", "yes"})
	}
	read := fmt.Sprintf("%s of %s stored%s", cmp.Or(size(report.Read.Total), "0 B"), cmp.Or(size(report.Stored.Total), "0 B"), times(", %s", report.Amplification))
	return append(fields, field{"reads", read})
}

// times writes a factor where there is one: "1.5 times".
func times(format string, factor *float64) string {
	if factor == nil {
		return ""
	}
	return fmt.Sprintf(format, fmt.Sprintf("%.2f times", *factor))
}

func planVerticesTable(report *planReport) table.Writer {
	t := newTable("vertex", "parallelism", "legal", "key groups", "stored", "read", "times", "skew", "by subtask")
	t.SuppressEmptyColumns()
	alignRight(t, 4, 5, 6, 7, 8)
	for i := range report.Vertices {
		v := &report.Vertices[i]
		t.AppendRow(table.Row{
			snip(v.Name, nameWidth), v.describeParallelism(), v.Legal.describe(), v.MaxParallelism,
			size(v.Stored.Total), size(v.Read.Total), decimal(v.Amplification), decimal(v.Spread.Skew),
			sparkline(v.readBytes(), sparkWidth),
		})
	}
	return t
}

func decimal(x *float64) string {
	if x == nil {
		return ""
	}
	return fmt.Sprintf("%.2f", *x)
}

func snip(s string, width int) string { return text.Snip(printable(s), width, "…") }

func (v *vertexPlanReport) describeParallelism() string {
	if v.OldParallelism == 0 || v.OldParallelism == v.Parallelism {
		return fmt.Sprint(v.Parallelism)
	}
	return fmt.Sprintf("%d → %d", v.OldParallelism, v.Parallelism)
}

func (l *legalReport) describe() string {
	switch {
	case l.Min > l.Max:
		return "none"
	case l.Min == l.Max:
		return fmt.Sprintf("only %d", l.Min)
	}
	return fmt.Sprintf("%d-%d", l.Min, l.Max)
}

func (v *vertexPlanReport) readBytes() []int64 {
	values := make([]int64, len(v.Subtasks))
	for i := range v.Subtasks {
		values[i] = v.Subtasks[i].Read.Total
	}
	return values
}

func writeVertexPlan(w io.Writer, v *vertexPlanReport, all bool) error {
	title := fmt.Sprintf("%s: parallelism %s, %s", printable(v.Name), v.describeParallelism(), count(int(v.MaxParallelism), "key group"))
	if all || len(v.Subtasks) <= subtasksShown {
		return writeTable(w, title, v.subtaskTable(v.Subtasks))
	}
	bySize := slices.Clone(v.Subtasks)
	slices.SortStableFunc(bySize, func(a, b subtaskPlanReport) int { return cmp.Compare(b.Read.Total, a.Read.Total) })
	extremes := slices.Concat(bySize[:extremesShown], bySize[len(bySize)-extremesShown:])
	err := writeTable(w, fmt.Sprintf("%s; the %d largest and the %d smallest of %d subtasks", title, extremesShown, extremesShown, len(v.Subtasks)),
		v.subtaskTable(extremes))
	if err != nil || float64(v.Spread.Largest) < evenUpTo*float64(v.Spread.Smallest) {
		return err
	}
	return writeTable(w, "of all subtasks:", distributionTable(v.readBytes()))
}

func (v *vertexPlanReport) subtaskTable(subtasks []subtaskPlanReport) table.Writer {
	t := newTable("subtask", "key groups", "reads", "", "keyed", "operator", "in flight", "inline", "files", "partitions", "of files")
	alignRight(t, 1, 3, 5, 6, 7, 8, 9)
	t.SuppressEmptyColumns()
	for i := range subtasks {
		s := &subtasks[i]
		keyGroups := ""
		if v.Stored.Keyed > 0 {
			keyGroups = fmt.Sprintf("%d-%d", s.KeyGroups.First, s.KeyGroups.Last)
		}
		op := operatorRestoreReport{States: s.States, Files: s.Paths}
		t.AppendRow(table.Row{
			s.Index, keyGroups, cmp.Or(size(s.Read.Total), "nothing"), bar(s.Read.Total, v.Spread.Largest, barWidth),
			v.part(s.Read.Keyed), v.part(s.Read.Operator), v.part(s.Read.InFlight),
			size(s.Inline), filesCount(s.Files), snip(op.describeStates(), nameWidth), op.describeFiles(),
		})
	}
	return t
}

// part shows bytes of one kind of state, unless there is only that kind.
func (v *vertexPlanReport) part(bytes int64) string {
	if r := v.Read; r.Keyed == r.Total || r.Operator == r.Total || r.InFlight == r.Total {
		return ""
	}
	return size(bytes)
}

func filesCount(n int) string {
	if n == 0 {
		return ""
	}
	return humanize.Comma(int64(n))
}

func distributionTable(values []int64) table.Writer {
	t := newTable("reads from", "to", "subtasks", "")
	alignRight(t, 1, 2, 3)
	buckets := distribution(values, bucketsShown)
	most := 0
	for _, b := range buckets {
		most = max(most, b.Count)
	}
	for _, b := range buckets {
		t.AppendRow(table.Row{cmp.Or(size(b.From), "0 B"), cmp.Or(size(b.To), "0 B"), filesCount(b.Count), bar(int64(b.Count), int64(most), 2*barWidth)})
	}
	return t
}

func unknownAnswer(things int) string {
	matter := "that matters is"
	if things != 1 {
		matter = "that matter are"
	}
	return fmt.Sprintf("unknown: %s %s not said of the job; what is known follows", count(things, "thing"), matter)
}
