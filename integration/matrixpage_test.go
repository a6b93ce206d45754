package integration_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/storage/storagetest"
)

const matrixHead = `# What each store was seen to do

This page is written by runs of the [conformance kit](verify.md) against each store.
Two commands write it, each its own columns, and leave the others as they are:

    go test ./integration -run TestConformance -update
    go test -tags azure ./integration -run TestAzureConformance -update

The second writes Azurite's column, after ` + "`make azurite`" + `, and needs node. Without
` + "`-update`" + ` they hold the page: the first is part of ` + "`make test`" + `, the second of
` + "`make azure`" + `. Whoever has to merge two versions of this page deletes it and runs both.

Each row is a check, which asks for one promise of ` + "`storage/backend`" + `. The same checks run
under each wrapper, and against your own bucket with ` + "`cairn backend verify`" + `.

**yes**: it was asked, and kept. **–**: it is not promised, and was not asked, for the
reason below. **NO**: it is broken. **?**: the check is newer than the column.

`

// azurite is the store that a run of its own asks, with the build tag azure.
const azurite = "Azurite"

// matrix is the page, as its columns.
type matrix []*column

// parseMatrix reads what page wrote. An empty page has no columns.
func parseMatrix(page string) (matrix, error) {
	var m matrix
	for line := range strings.Lines(page) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "| about |"):
			for _, store := range fields(line)[2:] {
				m = append(m, &column{store: store, cells: make(map[string]string)})
			}
		case strings.HasPrefix(line, "| "):
			if err := m.row(fields(line)); err != nil {
				return nil, err
			}
		case strings.HasPrefix(line, "- "):
			if err := m.item(line); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

// fields returns the cells of a row: "| a | b |".
func fields(row string) []string {
	cells := strings.Split(strings.Trim(row, "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

func (m matrix) row(cells []string) error {
	if len(cells) != len(m)+2 {
		return fmt.Errorf("a row of the table has %d cells, and not %d: %q", len(cells), len(m)+2, cells)
	}
	for i, c := range m {
		c.cells[cells[1]] = cells[i+2]
	}
	return nil
}

func (m matrix) item(line string) error {
	store, about, _ := strings.Cut(strings.TrimPrefix(line, "- "), ": ")
	i := slices.IndexFunc(m, func(c *column) bool { return c.store == store })
	if i < 0 {
		return fmt.Errorf("the list names %q, which has no column", store)
	}
	m[i].about = []string{strings.TrimSuffix(about, ".")}
	return nil
}

// with returns the page after a run: the run's columns instead of all that such a run
// wrote before, and the other run's as they are.
func (m matrix) with(run []*column) matrix {
	second := run[0].store == azurite
	kept := slices.DeleteFunc(slices.Clone(m), func(c *column) bool { return (c.store == azurite) == second })
	if second {
		return slices.Concat(kept, run)
	}
	return slices.Concat(run, kept)
}

// page writes the columns down, with a row for each of the checks and no other.
func (m matrix) page(checks []storagetest.Check) string {
	var page strings.Builder
	page.WriteString(matrixHead + "| about | promise |")
	for _, c := range m {
		page.WriteString(" " + c.store + " |")
	}
	page.WriteString("\n|---|---|" + strings.Repeat("---|", len(m)) + "\n")
	last := ""
	for _, check := range checks {
		topic := check.Topic
		if topic == last {
			topic = ""
		}
		last = check.Topic
		fmt.Fprintf(&page, "| %s | %s |", topic, check.Name)
		for _, c := range m {
			fmt.Fprintf(&page, " %s |", cmp.Or(c.cells[check.Name], "?"))
		}
		page.WriteString("\n")
	}
	page.WriteString("\n## Which version, and why something is not promised\n\n")
	for _, c := range m {
		fmt.Fprintf(&page, "- %s: %s.\n", c.store, strings.Join(c.about, "; "))
	}
	return page.String()
}
