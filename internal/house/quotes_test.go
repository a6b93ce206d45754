package house

import "testing"

func TestQuotes(t *testing.T) {
	for name, test := range map[string]struct {
		page string
		want []string
	}{
		"no code":           {"Nothing.\n", nil},
		"quoted":            {"```go\n// Output:\n}\n```\n", nil},
		"indented":          {"```go\n    // Output:\n  }\n```\n", nil},
		"other code":        {"```go\nfunc Other() {}\n```\n", []string{"func Other"}},
		"lines left out":    {"```go\npackage low_test\n// Output:\n```\n", []string{"package low_test"}},
		"half a line":       {"```go\nOutput:\n```\n", []string{"Output:"}},
		"no Go, no quoting": {"```sh\nmake\n```\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			complaints, err := Quotes(build(t, changed(map[string]string{"docs/page.md": test.page})))
			if err != nil {
				t.Fatal(err)
			}
			expect(t, complaints, test.want...)
		})
	}
}
