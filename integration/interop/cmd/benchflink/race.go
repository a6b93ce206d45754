package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/cairnstate/cairn/integration/interop/internal/oracle"
)

// sizes are the numbers of state handles in the files, the smaller one first:
// Flink warms up on it.
var sizes = []int{100_000, 1_000_000}

// warmUp is how often Flink does each thing before it counts. Its compiler is
// done well before that.
const warmUp = 15

func race(ctx context.Context, out io.Writer, release string, rounds int) error {
	o, err := oracle.Build(ctx, release)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "benchflink-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	files, err := makeFiles(ctx, o, dir)
	if err != nil {
		return err
	}
	flink, err := o.StartBench(ctx)
	if err != nil {
		return err
	}
	defer flink.Close()
	if err := warm(flink, files[0]); err != nil {
		return err
	}
	fmt.Fprintf(out, "Flink %s, warm; cairn with %s on %d core(s); %d rounds\n\n",
		o.Release, runtime.Version(), runtime.GOMAXPROCS(0), rounds)
	heading(out)
	for i, file := range files {
		for _, discipline := range disciplines {
			result, err := run(flink, discipline, file, rounds)
			if err != nil {
				return err
			}
			result.print(out, sizes[i], discipline.name)
		}
	}
	return nil
}

// warm has Flink do everything that it will be asked for.
func warm(flink *oracle.Bench, file string) error {
	done := map[string]bool{}
	for _, discipline := range disciplines {
		if done[discipline.flink] {
			continue
		}
		if _, err := flink.Measure(discipline.flink, warmUp, file); err != nil {
			return err
		}
		done[discipline.flink] = true
	}
	return nil
}

func makeFiles(ctx context.Context, o *oracle.Oracle, dir string) ([]string, error) {
	var files []string
	for _, size := range sizes {
		file := filepath.Join(dir, strconv.Itoa(size), "_metadata")
		if _, err := o.Run(ctx, "benchfile", strconv.Itoa(size), file); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// run lets both take turns. Flink is warm; we get one turn that does not count, after
// which our heap has the memory that the operating system would otherwise have to clear
// page by page, as Flink's has had since its own warming.
func run(flink *oracle.Bench, d discipline, file string, rounds int) (result, error) {
	work, err := d.prepare(file)
	if err != nil {
		return result{}, err
	}
	if _, err := measure(work); err != nil {
		return result{}, err
	}
	var r result
	for range rounds {
		theirs, err := flink.Measure(d.flink, 1, file)
		if err != nil {
			return result{}, err
		}
		ours, err := measure(work)
		if err != nil {
			return result{}, err
		}
		r.flink, r.cairn = append(r.flink, theirs...), append(r.cairn, ours)
	}
	return r, nil
}

func measure(work func() (any, error)) (time.Duration, error) {
	runtime.GC()
	start := time.Now()
	kept, err := work()
	took := time.Since(start)
	runtime.KeepAlive(kept)
	return took, err
}
