package coordinator_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPageQuotesTheLog holds that docs/watching-checkpoints.md tells of messages that
// there are, at the level that they have.
func TestPageQuotesTheLog(t *testing.T) {
	page, err := os.ReadFile("../docs/watching-checkpoints.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| (debug|info|warn|error) \\| `([^`]+)` \\|").FindAllStringSubmatch(string(page), -1)
	if len(rows) < 10 {
		t.Fatalf("found %d messages in the page", len(rows))
	}
	code := source(t)
	for _, row := range rows {
		call := regexp.MustCompile(`(?i)\.` + row[1] + `(Context)?\((ctx, )?"` + regexp.QuoteMeta(row[2]) + `"`)
		if !call.MatchString(code) {
			t.Errorf("nothing logs %q at level %s", row[2], row[1])
		}
	}
}

// source is the code of this package.
func source(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(data)
	}
	return code.String()
}
