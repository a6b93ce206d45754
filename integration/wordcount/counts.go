package wordcount

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
)

// counts is what an output says: how often each count of a word and each word of a split
// is in it.
type counts struct {
	Lines  int
	words  map[string]map[int64]int
	splits map[int64]map[int64]string
	twice  []string
}

func newCounts() *counts {
	return &counts{words: map[string]map[int64]int{}, splits: map[int64]map[int64]string{}}
}

// read adds the lines of a file.
func (c *counts) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		var word string
		var n, split, offset int64
		if _, err := fmt.Sscanf(lines.Text(), "%s %d %d %d", &word, &n, &split, &offset); err != nil {
			return fmt.Errorf("%q is no line of the output: %w", lines.Text(), err)
		}
		c.add(word, n, split, offset)
	}
	return lines.Err()
}

func (c *counts) add(word string, n, split, offset int64) {
	c.Lines++
	if c.words[word] == nil {
		c.words[word] = map[int64]int{}
	}
	if c.splits[split] == nil {
		c.splits[split] = map[int64]string{}
	}
	if _, there := c.splits[split][offset]; there {
		c.twice = append(c.twice, fmt.Sprintf("word %d of split %d is there twice", offset, split))
	}
	c.splits[split][offset] = word
	c.words[word][n]++
}

// problems returns what is not exactly once. That something is missing is one only once
// the job has let everything out.
func (c *counts) problems() []string {
	problems := slices.Clone(c.twice)
	for _, word := range slices.Sorted(maps.Keys(c.words)) {
		of := c.words[word]
		for n := range int64(len(of)) {
			if of[n+1] != 1 {
				problems = append(problems, fmt.Sprintf("count %d of %q is there %d times, of %d counts", n+1, word, of[n+1], len(of)))
			}
		}
	}
	for split, words := range c.splits {
		for offset := range int64(len(words)) {
			if _, there := words[offset]; !there {
				problems = append(problems, fmt.Sprintf("word %d of split %d is missing, of %d words", offset, split, len(words)))
			}
		}
	}
	return problems
}
