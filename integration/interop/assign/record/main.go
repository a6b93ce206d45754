// Command record chooses pairs that together are about every rule, the small before the
// large, has Flink judge them, and writes them down: restore is held to them where
// there is no Flink. Seeds of pairs that once were judged differently are written
// first.
//
//	go run ./integration/interop/assign/record [SEED ...] >restore/testdata/pairs.jsonl
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/cairnstate/cairn/integration/interop/assign/internal/excuse"
	"github.com/cairnstate/cairn/integration/interop/assign/internal/feature"
	"github.com/cairnstate/cairn/integration/interop/assign/internal/judge"
	"github.com/cairnstate/cairn/integration/interop/assign/internal/pairs"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/restore"
)

const (
	// candidates is how many pairs there are to choose from.
	candidates = 6000
	// peculiar is how many are written for each peculiarity.
	peculiar = 3
)

// pair is one that could be written down.
type pair struct {
	c        *verdict.Case
	size     int
	features []string
}

func main() {
	if err := record(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func record(ctx context.Context, out io.Writer, seeds []string) error {
	classpath, err := judge.Build(ctx)
	if err != nil {
		return err
	}
	flink, err := judge.Start(ctx, classpath)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	r := recorder{flink: flink, out: json.NewEncoder(w), seen: map[string]bool{}}
	for _, text := range seeds {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return err
		}
		if err := r.write(pairs.Of(seed)); err != nil {
			return err
		}
	}
	if err := r.choose(); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return flink.Close()
}

type recorder struct {
	flink *judge.Judge
	out   *json.Encoder
	seen  map[string]bool
}

// choose writes each pair that is about something that no smaller one is about.
func (r *recorder) choose() error {
	var all []pair
	for seed := range uint64(candidates) {
		c := pairs.Of(seed)
		lines, err := verdict.Of(c)
		if err != nil {
			return err
		}
		text, err := json.Marshal(c)
		if err != nil {
			return err
		}
		all = append(all, pair{c, len(text), feature.Of(c, lines)})
	}
	slices.SortStableFunc(all, func(a, b pair) int { return cmp.Compare(a.size, b.size) })
	for _, p := range all {
		if !slices.ContainsFunc(p.features, func(name string) bool { return !r.seen[name] }) {
			continue
		}
		if err := r.write(p.c); err != nil {
			return err
		}
	}
	for _, p := range []restore.Peculiarities{{MaxParallelism: true}, {FirstEdge: true}} {
		if err := r.writePeculiar(all, p); err != nil {
			return err
		}
	}
	return nil
}

// writePeculiar writes the smallest pairs for which a peculiarity of Flink makes
// a difference, and alone explains what Flink says.
func (r *recorder) writePeculiar(all []pair, p restore.Peculiarities) error {
	for written := 0; len(all) > 0 && written < peculiar; all = all[1:] {
		c := all[0].c
		usual, err := verdict.Of(c)
		if err != nil {
			return err
		}
		foretold, err := excuse.Foretell(c, p)
		if err != nil {
			return err
		}
		if slices.Equal(usual, foretold) {
			continue
		}
		if c.Flink, err = r.flink.Verdict(c); err != nil {
			return err
		}
		if !slices.Equal(foretold, c.Flink) {
			continue
		}
		c.Peculiarities = p
		if err := r.out.Encode(c); err != nil {
			return err
		}
		written++
	}
	return nil
}

// write writes a pair of which both say the same; where they differ on purpose,
// there is nothing to hold on to.
func (r *recorder) write(c *verdict.Case) (err error) {
	ours, err := verdict.Of(c)
	if err != nil {
		return err
	}
	if c.Flink, err = r.flink.Verdict(c); err != nil || !slices.Equal(ours, c.Flink) {
		return err
	}
	for _, name := range feature.Of(c, ours) {
		r.seen[name] = true
	}
	return r.out.Encode(c)
}
