package main

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

// Count is how often a word was counted when it was said there.
type Count struct {
	Word
	N int64
}

// count is an operator that counts the words of its key groups.
type count struct {
	counts *state.KeyedState[string, int64]
}

// Open declares a number for each word.
func (c *count) Open(_ context.Context, sub *program.Subtask) (err error) {
	c.counts, err = state.Keyed(sub.State, "counts", state.StringKey(), state.Int64())
	return err
}

// Process counts a word.
func (c *count) Process(_ context.Context, word Word, emit func(Count) error) error {
	n, _ := c.counts.Get(word.Text)
	c.counts.Put(word.Text, n+1)
	return emit(Count{Word: word, N: n + 1})
}

// line is a Count in the output: "stone 17 3 204".
func line(to []byte, c Count) ([]byte, error) {
	return fmt.Appendf(to, "%s %d %d %d\n", c.Text, c.N, c.Split, c.Offset), nil
}
