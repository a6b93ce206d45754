package sqlbackend_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/storagetest"
)

// The guide names checks in italics. They must be checks of the kit.
func TestTheGuideNamesChecks(t *testing.T) {
	page, err := os.ReadFile("../../docs/writing-a-backend.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"the check that shows it": true} // which says what italics are
	for _, check := range storagetest.Checks() {
		known[check.Name] = true
	}
	text := regexp.MustCompile("(?s)```.*?```|`[^`]*`").ReplaceAllString(strings.ReplaceAll(string(page), "**", ""), "")
	names := regexp.MustCompile(`\*([^*|]+)\*`).FindAllStringSubmatch(text, -1)
	if len(names) < 20 {
		t.Fatalf("found %d names of checks in the guide", len(names))
	}
	for _, name := range names {
		if name := strings.Join(strings.Fields(name[1]), " "); !known[name] {
			t.Errorf("the guide names a check %q, which the kit has not", name)
		}
	}
}
