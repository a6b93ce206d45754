package integration_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/storagetest"
)

var update = flag.Bool("update", false, "write this run's columns of docs/support-matrix.md anew")

const matrixFile = "../docs/support-matrix.md"

// column is what a run says of one store.
type column struct {
	store string
	cells map[string]string // check: what to say
	about []string          // the version of its server, and why something is not promised
}

func newColumn(s store) *column {
	c := &column{store: s.name, cells: make(map[string]string)}
	if s.version != "" {
		c.about = []string{s.version}
	}
	return c
}

// note takes down the result of a check.
func (c *column) note(check storagetest.Check, err error) {
	switch {
	case errors.Is(err, storagetest.ErrNotPromised):
		c.cells[check.Name] = "–"
		why := check.Topic + ": " + strings.TrimPrefix(err.Error(), storagetest.ErrNotPromised.Error()+": ")
		if !slices.Contains(c.about, why) {
			c.about = append(c.about, why)
		}
	case err != nil:
		c.cells[check.Name] = "**NO**"
	default:
		c.cells[check.Name] = "yes"
	}
}

// hold compares the run's columns of the page with what they were when they were last
// written. A run of some checks or stores alone says nothing about the page.
func hold(t *testing.T, run []*column) {
	t.Helper()
	if slices.ContainsFunc(run, func(c *column) bool { return len(c.cells) != len(storagetest.Checks()) }) {
		if *update {
			t.Errorf("%s is not written: only a run of all checks can write it", matrixFile)
		}
		return
	}
	written, err := os.ReadFile(matrixFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // without a page all is new
		t.Fatal(err)
	}
	before, err := parseMatrix(string(written))
	if err != nil {
		t.Fatalf("%s: %v: delete it, and run both of the commands that write it", matrixFile, err)
	}
	page := before.with(run).page(storagetest.Checks())
	if *update {
		if err := os.WriteFile(matrixFile, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if page != string(written) {
		t.Errorf("%s says something else than this run: look at what changed, and write it anew with -update. This run:\n%s", matrixFile, page)
	}
}

// pinned returns the version of a server, which the Makefile's variable says.
func pinned(t *testing.T, variable string) string {
	t.Helper()
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^` + variable + `\s*:=\s*(\S+)`).FindSubmatch(makefile)
	if found == nil {
		t.Fatalf("the Makefile does not say %s", variable)
	}
	return string(found[1])
}
