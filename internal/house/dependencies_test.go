package house

import (
	"slices"
	"strings"
	"testing"
)

func TestDependenciesBite(t *testing.T) {
	packages := []Package{{Path: "low", Modules: []string{"example.org/rope"}}}
	for _, c := range []struct{ name, list, want string }{
		{"sound", "# what holds\n\nexample.org/rope  it ties\n", ""},
		{"unlisted", "", "low imports example.org/rope, which the list of dependencies does not name"},
		{"without a reason", "example.org/rope\n", "example.org/rope is on the list of dependencies without a reason"},
		{"unused", "example.org/rope it ties\nexample.org/saw it cut\n", "nobody imports example.org/saw any more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			complaints, err := Dependencies(packages, strings.NewReader(c.list))
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" {
				expect(t, complaints)
			} else {
				expect(t, complaints, c.want)
			}
		})
	}
}

func TestPackagesSeeForeignModulesOfTests(t *testing.T) {
	packages := packagesOf(t, changed(map[string]string{
		"go.mod":           "module example.org/hut\n\ngo 1.26\n\nrequire example.org/rope v0.0.0\n\nreplace example.org/rope => ./rope\n",
		"rope/go.mod":      "module example.org/rope\n\ngo 1.26\n",
		"rope/rope.go":     "// Package rope ties.\npackage rope\n",
		"low/tied_test.go": "package low_test\n\nimport _ \"example.org/rope\"\n",
	}))
	for _, p := range packages {
		want := []string(nil)
		if p.Path == "low" {
			want = []string{"example.org/rope"}
		}
		if !slices.Equal(p.Modules, want) {
			t.Errorf("%s imports the modules %q, want %q", p.Path, p.Modules, want)
		}
	}
}
