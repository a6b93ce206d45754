package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// writeJSON writes a report as indented JSON.
func writeJSON(w io.Writer, report any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

// field is one line of a heading.
type field struct{ name, value string }

// writeFields writes lines of names and values, the values below each other.
func writeFields(w io.Writer, fields ...field) error {
	width := 0
	for _, f := range fields {
		width = max(width, len(f.name))
	}
	for _, f := range fields {
		if _, err := fmt.Fprintf(w, "%-*s  %s\n", width, f.name, printable(f.value)); err != nil {
			return err
		}
	}
	return nil
}

// newTable returns a table in the style of the house: no lines but one below the
// header, space between columns.
func newTable(header ...any) table.Writer {
	t := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format.Header, style.Format.Footer = text.FormatDefault, text.FormatDefault
	t.SetStyle(style)
	t.AppendHeader(table.Row(header))
	return t
}

// alignRight sets the columns with these numbers, from 1, to the right.
func alignRight(t table.Writer, columns ...int) {
	configs := make([]table.ColumnConfig, len(columns))
	for i, column := range columns {
		configs[i] = table.ColumnConfig{Number: column, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight}
	}
	t.SetColumnConfigs(configs)
}

// writeTable writes the table below its title, after an empty line and without
// spaces at the ends of lines.
func writeTable(w io.Writer, title string, t table.Writer) error {
	for line := range strings.Lines("\n" + title + "\n" + t.Render() + "\n") {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// size prints a number of bytes for people; nothing for none, so that tables
// show at a glance where state is.
func size(n int64) string {
	switch {
	case n == 0:
		return ""
	case n < 0:
		return "?"
	}
	return humanize.IBytes(uint64(n))
}

// printable makes text from a metadata file safe to show: it cannot move the
// cursor or colour the screen. What can be shown is left as it is.
func printable(s string) string {
	if !strings.ContainsFunc(s, unprintable) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unprintable(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func unprintable(r rune) bool { return !strconv.IsPrint(r) }
