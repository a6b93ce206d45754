package main

import (
	"context"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
)

// Word is a word, and where it was said.
type Word struct {
	Text   string
	Split  int64
	Offset int64
}

// splits is how many sequences of words there are; subtasks share them.
const splits = 8

// position is how far a split has been read.
type position struct {
	Split int64 `json:"split"`
	Next  int64 `json:"next"`
}

// words is a source that says words for ever.
type words struct {
	pause     time.Duration // after each word of each split
	state     *state.ListState[position]
	positions []position
}

// Open declares the positions as state of which each element goes to one subtask. At
// the very beginning the subtask takes its share; later, what the checkpoint gives it.
func (w *words) Open(_ context.Context, sub *program.Subtask) (err error) {
	w.state, err = state.List[position](sub.State, "positions", checkpoint.SplitDistribute, nil)
	if err != nil {
		return err
	}
	w.positions = append(w.positions, w.state.Values()...)
	if !sub.Restored() {
		for split := sub.Index; split < splits; split += sub.Parallelism {
			w.positions = append(w.positions, position{Split: int64(split)})
		}
	}
	return nil
}

// Next says the next word of each split.
func (w *words) Next(ctx context.Context, emit func(Word) error) error {
	for i := range w.positions {
		p := &w.positions[i]
		word := Word{Text: say(p.Split, p.Next), Split: p.Split, Offset: p.Next}
		p.Next++
		if err := emit(word); err != nil {
			return err
		}
	}
	select {
	case <-time.After(w.pause):
	case <-ctx.Done(): // there is a checkpoint to take
	}
	return nil
}

// Snapshot puts the positions into the checkpoint.
func (w *words) Snapshot(context.Context, int64) error {
	w.state.Set(w.positions...)
	return nil
}

// say returns a word of a split, of 400 there are: some often, most rarely.
func say(split, offset int64) string {
	things := [...]string{"stone", "path", "pile", "trail", "mark", "summit", "fog", "wind", "rain", "snow",
		"ridge", "valley", "river", "bridge", "forest", "meadow", "goat", "raven", "hut", "moss"}
	hash := uint64(split*1_000_003+offset+1) * 0x9E3779B97F4A7C15
	hash ^= hash >> 29
	one, other := hash%20, hash>>32%20
	return things[one*other/20] + "-" + things[one]
}
