package feature

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/internal/verdict"
)

// Counts says how often each rule was met, and each excuse used.
type Counts struct {
	pairs, assigned int
	features        map[string]int
	refusals        map[string]int
	excuses         map[string]int
	examples        map[string]string // by excuse: the note of a pair
}

// Add counts what a pair is, and what cairn made of it.
func (c *Counts) Add(pair *verdict.Case, lines []string) {
	c.pairs++
	if len(lines) == 1 && strings.HasPrefix(lines[0], "refused") {
		count(&c.refusals, lines[0])
	} else {
		c.assigned++
	}
	look := newLook(pair, lines)
	for _, f := range features {
		if f.met(look) {
			count(&c.features, f.name)
		}
	}
}

// Excuse counts an excuse, for which the pair is an example.
func (c *Counts) Excuse(name string, pair *verdict.Case) {
	count(&c.excuses, name)
	if c.examples == nil {
		c.examples = map[string]string{}
	}
	c.examples[name] = pair.Note
}

func count(counts *map[string]int, name string) {
	if *counts == nil {
		*counts = map[string]int{}
	}
	(*counts)[name]++
}

// Merge adds the counts of another.
func (c *Counts) Merge(other *Counts) {
	c.pairs += other.pairs
	c.assigned += other.assigned
	for _, add := range []struct {
		to   *map[string]int
		from map[string]int
	}{{&c.features, other.features}, {&c.refusals, other.refusals}, {&c.excuses, other.excuses}} {
		for name, n := range add.from {
			count(add.to, name)
			(*add.to)[name] += n - 1
		}
	}
	if c.examples == nil {
		c.examples = map[string]string{}
	}
	maps.Copy(c.examples, other.examples)
}

// Missing returns the features and refusals that no pair had.
func (c *Counts) Missing() (names []string) {
	for _, f := range features {
		if c.features[f.name] == 0 {
			names = append(names, f.name)
		}
	}
	for _, name := range refusals {
		if c.refusals[name] == 0 {
			names = append(names, name)
		}
	}
	return names
}

// Excused returns the share of pairs for which an excuse was used.
func (c *Counts) Excused() float64 {
	excused := 0
	for _, n := range c.excuses {
		excused += n
	}
	return float64(excused) / float64(max(c.pairs, 1))
}

// String is a table.
func (c *Counts) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%8d pairs, of which %d were assigned\n\n", c.pairs, c.assigned)
	for _, f := range features {
		fmt.Fprintf(&b, "%8d %s\n", c.features[f.name], f.name)
	}
	b.WriteByte('\n')
	for _, name := range slices.Sorted(maps.Keys(c.refusals)) {
		fmt.Fprintf(&b, "%8d %s\n", c.refusals[name], name)
	}
	b.WriteByte('\n')
	for _, name := range slices.Sorted(maps.Keys(c.excuses)) {
		fmt.Fprintf(&b, "%8d %s; one is %s\n", c.excuses[name], name, c.examples[name])
	}
	return b.String()
}

// Of returns the names of what a pair is about, its refusal among them.
func Of(pair *verdict.Case, lines []string) (names []string) {
	var one Counts
	one.Add(pair, lines)
	return slices.Concat(slices.Sorted(maps.Keys(one.features)), slices.Sorted(maps.Keys(one.refusals)))
}
