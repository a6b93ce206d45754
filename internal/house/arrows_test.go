package house

import (
	"maps"
	"testing"
)

func TestArrowsBite(t *testing.T) {
	rooms := map[string]Room{
		"low":     {Why: "the ground stands on nothing"},
		"high":    {May: []string{"low"}},
		"cmd/hut": {May: []string{"*"}},
	}
	expect(t, Arrows(packagesOf(t, sound()), rooms))

	t.Run("an arrow up", func(t *testing.T) {
		expect(t, Arrows(packagesOf(t, changed(map[string]string{
			"high/high.go": "// Package high floats.\npackage high\n",
			"low/low.go":   "// Package low is upside down.\npackage low\n\nimport _ \"example.org/hut/high\"\n",
		})), rooms), "low imports high, and may not: the ground stands on nothing")
	})
	t.Run("a package without a room", func(t *testing.T) {
		expect(t, Arrows(packagesOf(t, changed(map[string]string{
			"shed/shed.go": "// Package shed was not planned.\npackage shed\n",
		})), rooms), "shed has no place in the house")
	})
	t.Run("a room without a package", func(t *testing.T) {
		more := maps.Clone(rooms)
		more["cellar"] = Room{}
		expect(t, Arrows(packagesOf(t, sound()), more), "the room cellar is empty")
	})
	t.Run("a test may look up", func(t *testing.T) {
		expect(t, Arrows(packagesOf(t, changed(map[string]string{
			"low/up_test.go": "package low_test\n\nimport _ \"example.org/hut/high\"\n",
		})), rooms))
	})
}

func TestLinksBite(t *testing.T) {
	low := []string{"example.org/hut/low"}
	packages := packagesOf(t, sound())
	expect(t, Links(packages, []string{"low"}, low))
	expect(t, Links(packages, []string{"high", "cmd/hut"}, low),
		"cmd/hut links example.org/hut/low", // through high
		"high links example.org/hut/low")
	expect(t, Links(packages, nil, []string{"example.org/hut/lo"}), "nobody links example.org/hut/lo any more")
}
