package wordcount

import (
	"strings"
	"testing"
)

// A check that nothing can fail is none.
func TestProblemsAreFound(t *testing.T) {
	good := "stone 1 0 0\nstone 2 1 0\npath 1 0 1\n"
	for name, test := range map[string]struct{ output, want string }{
		"all is well":    {good, ""},
		"twice":          {good + "path 1 0 1\n", "word 1 of split 0 is there twice; count 1 of \"path\" is there 2 times, of 1 counts"},
		"counted twice":  {good + "path 1 1 1\n", "count 1 of \"path\" is there 2 times, of 1 counts"},
		"lost":           {"stone 1 0 0\npath 1 0 2\n", "word 1 of split 0 is missing, of 2 words"},
		"lost a count":   {"stone 1 0 0\nstone 3 0 1\n", "count 2 of \"stone\" is there 0 times, of 2 counts"},
		"lost its start": {"stone 2 0 0\n", "count 1 of \"stone\" is there 0 times, of 1 counts"},
	} {
		c := newCounts()
		if err := c.read(strings.NewReader(test.output)); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(c.problems(), "; "); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	if err := newCounts().read(strings.NewReader("half a li")); err == nil {
		t.Error("half a line was read")
	}
}
