package integration_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/storagetest"
)

// someChecks returns checks of these names, all about one topic.
func someChecks(names ...string) []storagetest.Check {
	checks := make([]storagetest.Check, len(names))
	for i, name := range names {
		checks[i] = storagetest.Check{Topic: "topic", Name: name}
	}
	return checks
}

// ran returns the column of a store that keeps all checks, or promises none.
func ran(name, version string, promises bool, checks []storagetest.Check) *column {
	c := newColumn(store{name: name, version: version})
	for _, check := range checks {
		var err error
		if !promises {
			err = fmt.Errorf("%w: it cannot", storagetest.ErrNotPromised)
		}
		c.note(check, err)
	}
	return c
}

// table returns the page without what stands above its table.
func table(page string) string { return strings.TrimPrefix(page, matrixHead) }

func merged(t *testing.T, page string, checks []storagetest.Check, run ...*column) string {
	t.Helper()
	before, err := parseMatrix(page)
	if err != nil {
		t.Fatal(err)
	}
	return before.with(run).page(checks)
}

// Each run writes its own columns; what the other wrote stays, whoever begins.
func TestMatrixIsOneOfTwoRuns(t *testing.T) {
	checks := someChecks("a", "b")
	folder, minio, azure := ran("local folder", "", true, checks), ran("MinIO", "v1", false, checks), ran(azurite, "3.0.0", false, checks)
	want := `| about | promise | local folder | MinIO | Azurite |
|---|---|---|---|---|
| topic | a | yes | – | – |
|  | b | yes | – | – |

## Which version, and why something is not promised

- local folder: .
- MinIO: v1; topic: it cannot.
- Azurite: 3.0.0; topic: it cannot.
`
	first := merged(t, merged(t, "", checks, folder, minio), checks, azure)
	second := merged(t, merged(t, "", checks, azure), checks, folder, minio)
	if table(first) != want || table(second) != want {
		t.Errorf("the ordinary run first: %s\nAzurite first: %s\nwant %s", table(first), table(second), want)
	}
	if again := merged(t, merged(t, first, checks, azure), checks, folder, minio); again != first {
		t.Errorf("the same once more: %s", table(again))
	}
}

// A run replaces all that it wrote before: what it says, its versions, and stores that
// it asks no longer. It replaces nothing else.
func TestMatrixRunsKeepToTheirColumns(t *testing.T) {
	checks := someChecks("a")
	page := merged(t, "", checks, ran("MinIO", "v1", true, checks), ran("gone", "v1", true, checks))
	page = merged(t, page, checks, ran(azurite, "3.0.0", true, checks))
	for name, c := range map[string]struct {
		run  *column
		want string
	}{
		"ordinary": {ran("MinIO", "v2", false, checks), `| about | promise | MinIO | Azurite |
|---|---|---|---|
| topic | a | – | yes |

## Which version, and why something is not promised

- MinIO: v2; topic: it cannot.
- Azurite: 3.0.0.
`},
		"azure": {ran(azurite, "3.1.0", false, checks), `| about | promise | MinIO | gone | Azurite |
|---|---|---|---|---|
| topic | a | yes | yes | – |

## Which version, and why something is not promised

- MinIO: v1.
- gone: v1.
- Azurite: 3.1.0; topic: it cannot.
`},
	} {
		if got := table(merged(t, page, checks, c.run)); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

// A check that came or went is seen by both runs; what one of them writes then is
// seen by the other.
func TestMatrixShowsNewChecksToBothRuns(t *testing.T) {
	old := someChecks("a", "b")
	page := merged(t, merged(t, "", old, ran("MinIO", "", true, old)), old, ran(azurite, "", true, old))
	for _, checks := range [][]storagetest.Check{someChecks("a", "new", "b"), someChecks("a")} {
		minio, azure := ran("MinIO", "", true, checks), ran(azurite, "", true, checks)
		if merged(t, page, checks, minio) == page || merged(t, page, checks, azure) == page {
			t.Errorf("a run that asks %d checks holds a page of two", len(checks))
		}
	}
	checks := someChecks("a", "new", "b")
	page = merged(t, page, checks, ran("MinIO", "", true, checks))
	if !strings.Contains(page, "| new | yes | ? |\n|  | b | yes | yes |\n") {
		t.Errorf("the ordinary run wrote %s", table(page))
	}
	if merged(t, page, checks, ran(azurite, "", true, checks)) == page {
		t.Error("a column without the new check is held")
	}
}

func TestMatrixThatIsDamagedIsRefused(t *testing.T) {
	checks := someChecks("a")
	page := merged(t, "", checks, ran("MinIO", "", true, checks))
	for _, damage := range []string{"| topic | of a table with more columns | yes | yes |\n", "| topic |\n", "- GCS: of another list.\n"} {
		if _, err := parseMatrix(page + damage); err == nil {
			t.Errorf("a page with %q is read", damage)
		}
	}
}
