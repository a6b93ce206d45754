package house

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// build makes a tiny house of these files and returns its root.
func build(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// sound is a house that breaks no rule: a ground floor and a floor above.
func sound() map[string]string {
	return map[string]string{
		"go.mod":             "module example.org/hut\n\ngo 1.26\n",
		"README.md":          "See [the plan](docs/plan.md#walls), [here](#here), [there](https://example.org) and `a[i](j)`.\n",
		"docs/plan.md":       "Up to [the start](../README.md).\n",
		"low/low.go":         "// Package low is the ground.\npackage low\n",
		"low/low_test.go":    example("low"),
		"high/high.go":       "// Package high stands on low.\npackage high\n\nimport _ \"example.org/hut/low\"\n",
		"high/high_test.go":  example("high"),
		"cmd/hut/main.go":    "// Command hut is the door.\npackage main\n\nimport _ \"example.org/hut/high\"\n\nfunc main() {}\n",
		".tools/bin/linter":  "built at /machine/hut\n",
		"docs/picture.bytes": "\x00\xff",
	}
}

func example(name string) string {
	return "package " + name + "_test\n\nfunc Example() {\n\t// Output:\n}\n"
}

// changed is the sound house with some files replaced.
func changed(files map[string]string) map[string]string {
	all := sound()
	maps.Copy(all, files)
	return all
}

func packagesOf(t *testing.T, files map[string]string) []Package {
	t.Helper()
	packages, err := Packages(build(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// expect compares complaints with what they should contain, one for one.
func expect(t *testing.T, got []Complaint, want ...string) {
	t.Helper()
	slices.Sort(got)
	if len(got) != len(want) {
		t.Fatalf("%d complaints, want %d:\n%q\nwant:\n%q", len(got), len(want), got, want)
	}
	for i := range got {
		if !strings.Contains(string(got[i]), want[i]) {
			t.Errorf("complaint %d is %q, want one that contains %q", i, got[i], want[i])
		}
	}
}
