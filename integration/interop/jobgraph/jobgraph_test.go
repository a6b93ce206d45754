//go:build interop

package jobgraph

import (
	"bufio"
	"iter"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"github.com/cairnstate/cairn/integration/interop/internal/javaprogram"
	"github.com/cairnstate/cairn/integration/interop/jobgraph/internal/program"
)

// enoughDifferences is how many are told: the hundredth says no more than the third.
const enoughDifferences = 3

func setting(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

func TestJobGraphs(t *testing.T) {
	count := setting(t, "CAIRN_JOBS", 2_000)
	var seen met
	differences, answers := 0, 0
	for answer := range translated(t, setting(t, "CAIRN_SEED", 1), count) {
		answers++
		seen.count(answer)
		if difference := compare(answer); difference != "" {
			t.Errorf("seed %d: %s", answer.Seed, difference)
			if differences++; differences == enoughDifferences {
				t.FailNow()
			}
		}
	}
	if answers != count {
		t.Errorf("Flink translated %d programs of %d", answers, count)
	}
	seen.check(t, count)
}

// translator returns the command that starts the translator. The first time this
// downloads Flink.
func translator(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	built, err := javaprogram.Build(t.Context(), "jobgraph", "a JDK of 11 or later")
	if err != nil {
		t.Fatal(err)
	}
	java := exec.CommandContext(t.Context(), "java", slices.Concat(
		[]string{"-Xmx1g", "-XX:+UseSerialGC", "-cp", built.Classpath, "cairn.jobgraph.Main"}, args)...)
	java.Stderr = os.Stderr
	return java
}

// translated has Flink translate programs, and yields what it answers.
func translated(t *testing.T, seed, count int) iter.Seq[*program.Answer] {
	t.Helper()
	java := translator(t, strconv.Itoa(seed), strconv.Itoa(count))
	stdout, err := java.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := java.Start(); err != nil {
		t.Fatal(err)
	}
	return func(yield func(*program.Answer) bool) {
		answers := decoder(bufio.NewReader(stdout))
		for answers.More() {
			answer := &program.Answer{}
			if err := answers.Decode(answer); err != nil {
				t.Fatalf("Flink's answer: %v", err)
			}
			if !yield(answer) {
				return
			}
		}
		if err := java.Wait(); err != nil {
			t.Errorf("the translator ended badly: %v", err)
		}
	}
}
