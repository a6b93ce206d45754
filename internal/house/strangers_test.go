package house

import "testing"

func TestStrangers(t *testing.T) {
	for name, test := range map[string]struct {
		file, imports string
		want          []string
	}{
		"ours":             {"a.go", "example.org/hut/low", nil},
		"of another house": {"a.go", "example.org/hut2/internal/x", nil},
		"internal":         {"a.go", "example.org/hut/internal/x", []string{"guest/a.go imports example.org/hut/internal/x"}},
		"deep inside":      {"a.go", "example.org/hut/low/internal", []string{"example.org/hut/low/internal"}},
		"in a test":        {"a_test.go", "example.org/hut/internal/x", []string{"guest/a_test.go"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := build(t, map[string]string{test.file: "package guest\n\nimport _ \"" + test.imports + "\"\n"})
			complaints, err := Strangers([]Package{{Name: "guest", Path: "guest", Dir: dir}}, "example.org/hut")
			if err != nil {
				t.Fatal(err)
			}
			expect(t, complaints, test.want...)
		})
	}
}
