package integration_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/storagetest"
)

var update = flag.Bool("update", false, "write docs/support-matrix.md anew")

const matrixHead = `# What each store was seen to do

This page is written by a run of the [conformance kit](verify.md) against each store,
and held by the same run: ` + "`go test ./integration -run TestConformance`" + `; with
` + "`-update`" + ` behind it the page is written anew. Each row is a check, which asks for one
promise of ` + "`storage/backend`" + `. The same checks run under each wrapper, and against your
own bucket with ` + "`cairn backend verify`" + `.

**yes**: it was asked, and kept. **–**: it is not promised, and was not asked, for the
reason below. **NO**: it is broken.

`

// matrix is what the stores said, check by check.
type matrix struct {
	stores  []string
	results map[string]map[string]string // store, check: what to say
	reasons map[string][]string          // store: why something is not promised
}

func newMatrix() *matrix {
	return &matrix{results: make(map[string]map[string]string), reasons: make(map[string][]string)}
}

// note returns where the results of a store go.
func (m *matrix) note(store string) func(storagetest.Check, error) {
	m.stores = append(m.stores, store)
	m.results[store] = make(map[string]string)
	return func(check storagetest.Check, err error) {
		switch {
		case errors.Is(err, storagetest.ErrNotPromised):
			m.results[store][check.Name] = "–"
			why := strings.TrimPrefix(err.Error(), storagetest.ErrNotPromised.Error()+": ")
			if !slices.Contains(m.reasons[store], check.Topic+": "+why) {
				m.reasons[store] = append(m.reasons[store], check.Topic+": "+why)
			}
		case err != nil:
			m.results[store][check.Name] = "**NO**"
		default:
			m.results[store][check.Name] = "yes"
		}
	}
}

// page writes the matrix down.
func (m *matrix) page(versions string) []byte {
	var page bytes.Buffer
	page.WriteString(matrixHead + versions + "\n\n")
	fmt.Fprintf(&page, "| about | promise | %s |\n", strings.Join(m.stores, " | "))
	fmt.Fprintf(&page, "|---|---|%s\n", strings.Repeat("---|", len(m.stores)))
	last := ""
	for _, check := range storagetest.Checks() {
		topic := check.Topic
		if topic == last {
			topic = ""
		}
		last = check.Topic
		fmt.Fprintf(&page, "| %s | %s |", topic, check.Name)
		for _, store := range m.stores {
			fmt.Fprintf(&page, " %s |", m.results[store][check.Name])
		}
		page.WriteString("\n")
	}
	page.WriteString("\n## Not promised, and why\n")
	for _, store := range m.stores {
		fmt.Fprintf(&page, "\n- %s: %s.", store, strings.Join(m.reasons[store], "; "))
	}
	page.WriteString("\n")
	return page.Bytes()
}

// check compares the page with what it was when it was last written. A test that
// ran in part says nothing about the page.
func (m *matrix) check(t *testing.T, file string) {
	t.Helper()
	for _, store := range m.stores {
		if len(m.results[store]) != len(storagetest.Checks()) {
			return
		}
	}
	page := m.page(serverVersions(t))
	if *update {
		if err := os.WriteFile(file, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, page) {
		t.Errorf("%s says something else than this run: look at what changed, and write it anew with -update. This run:\n%s", file, page)
	}
}

// serverVersions says which servers were asked, as the Makefile pins them.
func serverVersions(t *testing.T) string {
	t.Helper()
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, server := range []struct{ name, variable string }{{"MinIO", "MINIO_VERSION"}, {"fake-gcs-server", "GCS_VERSION"}} {
		found := regexp.MustCompile(`(?m)^` + server.variable + `\s*:=\s*(\S+)`).FindSubmatch(makefile)
		if found == nil {
			t.Fatalf("the Makefile does not say %s", server.variable)
		}
		said = append(said, fmt.Sprintf("%s %s", server.name, found[1]))
	}
	return "The servers: " + strings.Join(said, ", ") + "."
}
