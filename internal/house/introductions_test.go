package house

import (
	"testing"
)

func TestIntroductionsBite(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"sound", nil, nil},
		{"none", map[string]string{"low/low.go": "package low\n"}, []string{"low introduces itself 0 times"}},
		{"twice", map[string]string{"low/more.go": "// Package low says it again.\npackage low\n"}, []string{"low introduces itself 2 times"}},
		{"detached", map[string]string{"low/low.go": "// Package low is shy.\n\npackage low\n"},
			[]string{"low introduces itself 0 times", "low/low.go: a blank line"}},
		{"another name", map[string]string{"low/low.go": "// Package lower is lost.\npackage low\n"},
			[]string{`low/low.go: the package comment does not begin with "Package low "`}},
		{"a command by its name", map[string]string{"cmd/hut/main.go": "// Hut is the door.\npackage main\n\nfunc main() {}\n"}, nil},
		{"a command that says package", map[string]string{"cmd/hut/main.go": "// Package main is the door.\npackage main\n\nfunc main() {}\n"},
			[]string{`does not begin with "Command hut "`}},
		{"no example", map[string]string{"low/low_test.go": "package low_test\n"}, []string{"low has no example"}},
		{"an example that never runs", map[string]string{"low/low_test.go": "package low_test\n\nfunc Example() {\n}\n"},
			[]string{"low has no example"}},
		{"machinery without an example", map[string]string{
			"integration/crane/crane.go": "// Package crane lifts.\npackage crane\n",
			"low/internal/pit/pit.go":    "// Package pit is hidden.\npackage pit\n",
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			complaints, err := Introductions(packagesOf(t, changed(c.files)))
			if err != nil {
				t.Fatal(err)
			}
			expect(t, complaints, c.want...)
		})
	}
}
