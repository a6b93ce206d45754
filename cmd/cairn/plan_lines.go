package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// writeLines writes sentences below a title, each indented where it is broken.
func writeLines(w io.Writer, title string, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "\n%s\n", title); err != nil {
		return err
	}
	for _, line := range lines {
		broken := strings.Split(text.WrapSoft(line, planWidth-2), "\n")
		for i := range broken {
			broken[i] = strings.TrimRight(broken[i], " ")
		}
		if _, err := fmt.Fprintf(w, "- %s\n", strings.Join(broken, "\n  ")); err != nil {
			return err
		}
	}
	return nil
}

func nothingLines(report *planReport) []string {
	lines := make([]string, len(report.GetNothing))
	for i, op := range report.GetNothing {
		lines[i] = fmt.Sprintf("%s (%s)", printable(cmp.Or(op.Name, op.UID, op.ID.String())), op.ID)
	}
	return lines
}

func suggestionLines(report *planReport) []string {
	lines := make([]string, len(report.Suggestions))
	for i, s := range report.Suggestions {
		lines[i] = printable(fmt.Sprintf("%s: %s; %s", s.Vertex, s.Reason, s.Advice))
	}
	return lines
}
