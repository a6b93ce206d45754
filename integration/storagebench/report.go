package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"
)

func introduce(out io.Writer, c config) {
	fmt.Fprintf(out, `# How fast is S3?

This page is what `+"`make bench-storage`"+` wrote: it builds the peers, runs MinIO with its data in
memory, and has each client take its turn in each round, as a process of its own. Wall time is
that of the process, its start included; CPU and memory are what the kernel says of it. All share
their cores with the server, so CPU is the steadier figure, and the ratios are steadier than the
figures. What has fewer rounds than others was more than %.1f times slower than the fastest in the first.

"As it comes" is the library or program with its defaults; libraries move sixteen small objects at
once. "Tuned" has ranges or parts of 16 MiB, four at once, and no checksums or payload signatures
where the client can do without: nobody then checks anything. cairn tuned is `+"`checksum=none&concurrency=3`"+`;
as it comes it sends a CRC-32C with every upload, and compares those that the store tells.
Requests were counted by a proxy, in a run of their own.

"floor" is no client. It has the server send and lets the kernel throw away what comes, and it sends
out of the page cache, four or sixteen at once, unsigned and unchecked: what it takes is the server's
and the kernel's, and no client can do with less. "floor, kept" makes a file of what it gets, as a
download is to, without copying it into its own memory where there is no TLS. "floor, signed" does
with small objects what every client must: it signs each request, makes a file of each object and
an object of each file, and checks nothing.

On %d cores (%s), %s: large is %s, small are %d of %s; at most %s, %v in all.
`, c.drop, runtime.NumCPU(), runtime.Version(), time.Now().Format(time.DateOnly), size(c.large), c.count, size(c.small), plural(c.rounds, "round"), c.limit)
}

// table writes what all did in one discipline, as Markdown.
func table(out io.Writer, c config, d discipline, transport string, results []*result) {
	fmt.Fprintf(out, "\n### %s, %s\n\n", strings.ToUpper(d.title[:1])+d.title[1:], transport)
	fmt.Fprintln(out, "| client | wall, median | min to max | MiB/s | CPU s/GiB | peak memory | requests | rounds |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
	bytes := float64(d.bytes(c))
	for _, r := range results {
		if errors.Is(r.err, errNotDone) {
			continue
		}
		if len(r.turns) == 0 {
			fmt.Fprintf(out, "| %s | failed: %v | | | | | | |\n", r.client, r.err)
			continue
		}
		walls := r.sorted(func(t turn) float64 { return t.wall.Seconds() })
		wall := median(walls)
		fmt.Fprintf(out, "| %s | %.2f s | %.2f to %.2f | %.0f | %.2f | %s | %s | %d |\n", r.client, wall, walls[0], walls[len(walls)-1],
			bytes/wall/(1<<20), r.median(func(t turn) float64 { return t.cpu.Seconds() })/(bytes/(1<<30)),
			size(int64(r.median(func(t turn) float64 { return float64(t.rss) }))), counted(r.requests), len(r.turns))
	}
	fmt.Fprintln(out)
	for _, tuned := range []bool{false, true} {
		compare(out, results, tuned)
	}
}

// compare writes how ours stands to the best of the others.
func compare(out io.Writer, results []*result, tuned bool) {
	how := "as they come"
	if tuned {
		how = "tuned"
	}
	wall := func(t turn) float64 { return t.wall.Seconds() }
	cpu := func(t turn) float64 { return t.cpu.Seconds() }
	ours := pick(results, func(r *result) bool { return r.name == "cairn" && r.tuned == tuned }, wall)
	peers := func(r *result) bool { return r.name != "cairn" && !r.isFloor() && r.tuned == tuned }
	fastest, leanest := pick(results, peers, wall), pick(results, peers, cpu)
	if ours == nil || fastest == nil {
		return
	}
	fmt.Fprintf(out, "All %s: cairn is %.2f times as fast as the fastest other (%s), with %.2f of the CPU of the leanest (%s).\n",
		how, fastest.median(wall)/ours.median(wall), fastest.name, ours.median(cpu)/leanest.median(cpu), leanest.name)
	for _, name := range floors() {
		if bound := pick(results, func(r *result) bool { return r.name == name }, wall); bound != nil {
			fmt.Fprintf(out, "What none can do without (%s): %.2f times as fast as that other, with %.2f of that CPU; %.2f times as fast as cairn.\n",
				name, fastest.median(wall)/bound.median(wall), bound.median(cpu)/leanest.median(cpu), ours.median(wall)/bound.median(wall))
		}
	}
}

// pick returns the one with the least of it.
func pick(results []*result, among func(*result) bool, of func(turn) float64) *result {
	var best *result
	for _, r := range results {
		if len(r.turns) > 0 && among(r) && (best == nil || r.median(of) < best.median(of)) {
			best = r
		}
	}
	return best
}

func (r *result) sorted(of func(turn) float64) []float64 {
	values := make([]float64, len(r.turns))
	for i, t := range r.turns {
		values[i] = of(t)
	}
	slices.Sort(values)
	return values
}

func (r *result) median(of func(turn) float64) float64 { return median(r.sorted(of)) }

func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[n/2] + sorted[(n-1)/2]) / 2
}

func counted(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func size(bytes int64) string {
	switch {
	case bytes >= 1<<30 && bytes%(1<<30) == 0:
		return fmt.Sprintf("%d GiB", bytes>>30)
	case bytes >= 1<<20:
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

const (
	publications = 1000
	discarded    = 4000
	roundTrip    = 120 * time.Millisecond
	patience     = 30 * time.Second
)

// publication measures the publication of small objects.
func (a *arena) publication(ctx context.Context, out io.Writer) error {
	if !strings.Contains("publish", a.only) {
		return nil
	}
	t, err := a.run(ctx, clients()[0], "publish", []string{"publish", fmt.Sprint(publications)}, false)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n### Publish 4 KiB that must not be there, plain HTTP, medians of %d each, in turns\n\n| client | median |\n|---|---|\n", publications)
	for line := range strings.Lines(t.said) {
		name, micros, _ := strings.Cut(strings.TrimSpace(line), " ")
		fmt.Fprintf(out, "| %s | %s µs |\n", name, micros)
	}
	return nil
}

// discarding measures the deletion of many objects far away.
func (a *arena) discarding(ctx context.Context, out io.Writer) error {
	if !strings.Contains("discard", a.only) {
		return nil
	}
	fmt.Fprintf(out, "\n### Find and delete %d objects, %v away\n\n| client | wall | requests |\n|---|---|---|\n", discarded, roundTrip)
	for _, c := range clients() {
		if c.tuned || c.name == "aws-tm" || c.name == "s3blob" {
			continue
		}
		wall, requests, err := a.discard(ctx, c)
		if wall == 0 && requests > 0 && ctx.Err() == nil {
			fmt.Fprintf(out, "| %s | not done after %v | %d |\n", c, patience, requests)
			continue
		}
		if err != nil {
			fmt.Fprintf(out, "| %s | failed: %v | |\n", c, err)
			continue
		}
		fmt.Fprintf(out, "| %s | %.2f s | %d |\n", c, wall.Seconds(), requests)
	}
	return nil
}

// discard makes the objects, near, and has the client delete them, from afar. A
// client that is not done after that is stopped.
func (a *arena) discard(ctx context.Context, c client) (time.Duration, int64, error) {
	defer func() { a.endpoint = a.server.endpoint }()
	few := *a
	few.count, few.small = discarded, 1
	few.dir = a.dir + "/discard"
	few.large = 1
	if err := few.fill(); err != nil {
		return 0, 0, err
	}
	if _, err := few.run(ctx, clients()[0], "up-small", []string{few.dir + "/small", "discard"}, false); err != nil {
		return 0, 0, err
	}
	proxy, err := startCounter(a.server.endpoint)
	if err != nil {
		return 0, 0, err
	}
	defer proxy.Close()
	near, err := url.Parse(proxy.URL)
	if err != nil {
		return 0, 0, err
	}
	far, err := startDelay(near.Host, roundTrip)
	if err != nil {
		return 0, 0, err
	}
	defer far.stop()
	a.endpoint = "http://" + far.listener.Addr().String()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t, err := a.run(ctx, c, "discard", []string{"discard"}, false)
	return t.wall, proxy.seen.Load(), err
}
