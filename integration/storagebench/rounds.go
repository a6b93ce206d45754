package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// race runs all disciplines over both transports and writes the report.
func race(ctx context.Context, c config) error {
	dir, err := os.MkdirTemp(c.dir, "storagebench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c.dir = dir // so that all goes with it
	a := &arena{config: c, dir: dir, down: filepath.Join(dir, "down")}
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "data"), 0o755), a.fill(), a.clear()); err != nil {
		return err
	}
	said := conclusion(c.out)
	out, err := report(c)
	if err != nil {
		return err
	}
	defer out.Close()
	defer func() { fmt.Fprint(out, said) }()
	introduce(out, c)
	end := time.Now().Add(c.limit)
	for i, tls := range []bool{false, true} {
		until := time.Now().Add(time.Until(end) / time.Duration(2-i))
		if err := a.transport(ctx, out, tls, until); err != nil {
			return err
		}
	}
	return nil
}

func report(c config) (io.WriteCloser, error) {
	if c.out == "" {
		return os.Stdout, nil
	}
	return os.Create(c.out)
}

// conclusion returns what somebody wrote under the figures of the last run: it is for
// him to say whether it still holds.
func conclusion(page string) string {
	const title = "\n## What this says\n"
	old, err := os.ReadFile(page)
	if err != nil {
		return ""
	}
	if at := bytes.Index(old, []byte(title)); at >= 0 {
		return string(old[at:])
	}
	return ""
}

// transport runs the disciplines against a server.
func (a *arena) transport(ctx context.Context, out io.Writer, tls bool, until time.Time) error {
	server, err := startServer(ctx, a.config, filepath.Join(a.dir, "data"), tls)
	if err != nil {
		return err
	}
	defer server.stop()
	a.server, a.endpoint = server, server.endpoint
	name := "plain HTTP"
	if tls {
		name = "TLS"
	} else if err := errors.Join(makeBucket(ctx, server), openToAll(ctx), a.load(ctx)); err != nil {
		return err
	}
	var chosen []discipline
	for _, d := range disciplines() {
		if strings.Contains(d.name, a.only) {
			chosen = append(chosen, d)
		}
	}
	for i, d := range chosen {
		share := time.Now().Add(time.Until(until) / time.Duration(len(chosen)-i))
		results, err := a.rounds(ctx, d, share)
		if err != nil {
			return err
		}
		if !tls && a.requests {
			a.countRequests(ctx, d, results)
		}
		table(out, a.config, d, name, results)
	}
	if !tls {
		return errors.Join(a.publication(ctx, out), a.scattered(ctx, out), a.discarding(ctx, out))
	}
	return nil
}

func makeBucket(ctx context.Context, s *server) error {
	if err := os.Setenv("BENCH_ENDPOINT", s.endpoint); err != nil {
		return err
	}
	l, err := openMinIO(false)
	if err != nil {
		return err
	}
	return l.(minioGo).MakeBucket(ctx, bucket, minio.MakeBucketOptions{})
}

// result is what a client did in a discipline.
type result struct {
	client
	turns    []turn
	requests int64 // 0 if they were not counted
	err      error
}

// rounds gives every client its turn in each round, and begins with another one
// each time.
func (a *arena) rounds(ctx context.Context, d discipline, until time.Time) ([]*result, error) {
	var all []*result
	for _, c := range clients() {
		if strings.Contains(c.String(), a.clients) {
			all = append(all, &result{client: c})
		}
	}
	for round := range a.config.rounds {
		if round > 0 && time.Now().After(until) {
			break
		}
		for i := range all {
			r := all[(i+round)%len(all)]
			if r.err != nil || (round > 0 && r.slow(all, a.drop)) {
				continue
			}
			t, err := a.turn(ctx, d, r.client)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				r.err = err
				continue
			}
			r.turns = append(r.turns, t)
			fmt.Fprintf(os.Stderr, "%s %s: %v, CPU %v, %d MiB\n", d.name, r.client, t.wall.Round(time.Millisecond), t.cpu.Round(time.Millisecond), t.rss>>20)
		}
	}
	return all, nil
}

func (a *arena) turn(ctx context.Context, d discipline, c client) (turn, error) {
	if d.prepare != nil {
		if err := d.prepare(a); err != nil {
			return turn{}, err
		}
	}
	t, err := a.run(ctx, c, d.name, d.args(a), d.stdin)
	if err == nil && d.check != nil && c.name != "floor" {
		err = d.check(a)
	}
	return t, err
}

// slow says whether the client needed so many times what the fastest of another
// name needed, in the first round.
func (r *result) slow(all []*result, times float64) bool {
	if r.name == "cairn" || r.isFloor() || len(r.turns) == 0 {
		return false
	}
	fastest := r.turns[0].wall
	for _, other := range all {
		if other.name != "cairn" && !other.isFloor() && len(other.turns) > 0 {
			fastest = min(fastest, other.turns[0].wall)
		}
	}
	return float64(r.turns[0].wall) > times*float64(fastest)
}

// countRequests has each client do it once more behind a proxy that counts.
func (a *arena) countRequests(ctx context.Context, d discipline, results []*result) {
	for _, r := range results {
		proxy, err := startCounter(a.server.endpoint)
		if err != nil {
			return
		}
		a.endpoint = proxy.URL
		if _, err := a.turn(ctx, d, r.client); err == nil {
			r.requests = proxy.seen.Load()
		}
		a.endpoint = a.server.endpoint
		proxy.Close()
	}
}
