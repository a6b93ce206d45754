package house

import (
	"slices"
	"testing"
)

func TestMachinePathsBite(t *testing.T) {
	for _, c := range []struct {
		name, text string
		bites      bool
	}{
		{"plain", "see /machine/hut/docs", true},
		{"at the end", "see /machine/hut", true},
		{"a URI", "file:/machine/hut/savepoint", true},
		{"in binary", "\x00\x11/machine/hut/a\xff", true},
		{"after a near miss", "/machine/hut-2 and /machine/hut", true},
		{"a longer name", "see /machine/hut-2", false},
		{"a deeper place", "https://example.org/machine/hut", false},
		{"another", "see /machine", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := build(t, changed(map[string]string{"testdata/case": c.text}))
			complaints, err := MachinePaths(root, []string{"/machine/hut"})
			if err != nil {
				t.Fatal(err)
			}
			if c.bites {
				expect(t, complaints, `testdata/case holds "/machine/hut"`)
			} else {
				expect(t, complaints)
			}
		})
	}
}

func TestOwnFolders(t *testing.T) {
	for _, c := range []struct {
		root string
		want []string
	}{
		{"/home/ann/cairn", []string{"/home/ann/cairn", "/cache"}},
		{"/tmp/cairn", []string{"/tmp/cairn", "/cache"}},
		{"/vault7/cairn", []string{"/vault7/cairn", "/cache", "/vault7"}},
	} {
		if got := OwnFolders(c.root, "/cache"); !slices.Equal(got, c.want) {
			t.Errorf("the own folders of %s are %q, want %q", c.root, got, c.want)
		}
	}
}
