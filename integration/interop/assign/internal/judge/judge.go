// Package judge has real Flink decide who gets what (integration/flink/assign).
package judge

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/cairnstate/cairn/integration/interop/internal/javaprogram"
	"github.com/cairnstate/cairn/internal/verdict"
)

// Build compiles what runs in the JVM, and returns its classpath. The first time
// this downloads Flink.
func Build(ctx context.Context) (string, error) {
	built, err := javaprogram.Build(ctx, "assign", "a JDK of 11 or later")
	return built.Classpath, err
}

// Judge is a JVM that answers one question after the other. It is for one
// goroutine.
type Judge struct {
	cmd    *exec.Cmd
	ask    io.WriteCloser
	answer *bufio.Reader
}

// Start starts a judge of pairs. One thread collects its garbage: it shares the
// machine with us. An exception that is thrown often keeps its stack, which tells
// refusals from accidents.
func Start(ctx context.Context, classpath string) (*Judge, error) {
	return start(ctx, "-Xmx1g", "-XX:+UseSerialGC", "-XX:-OmitStackTraceInFastThrow", "-cp", classpath, "cairn.assign.Main", "pairs")
}

// StartRace starts one that is timed, and that collects garbage as it likes best.
func StartRace(ctx context.Context, classpath string) (*Judge, error) {
	return start(ctx, "-Xms4g", "-Xmx8g", "-cp", classpath, "cairn.assign.Main", "race")
}

func start(ctx context.Context, args ...string) (*Judge, error) {
	cmd := exec.CommandContext(ctx, "java", args...)
	cmd.Stderr = os.Stderr
	ask, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	answer, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &Judge{cmd: cmd, ask: ask, answer: bufio.NewReaderSize(answer, 1<<16)}, cmd.Start()
}

// Verdict returns what Flink makes of a case.
func (j *Judge) Verdict(c *verdict.Case) (lines []string, err error) {
	question, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return lines, j.put(question, &lines)
}

// Time returns how long each of several assignments took Flink. The case is read
// from a file, for it may be large.
func (j *Judge) Time(file string, iterations int) (nanos []time.Duration, err error) {
	question, err := json.Marshal(map[string]any{"file": file, "iterations": iterations})
	if err != nil {
		return nil, err
	}
	return nanos, j.put(question, &nanos)
}

func (j *Judge) put(question []byte, answer any) error {
	if _, err := j.ask.Write(append(question, '\n')); err != nil {
		return fmt.Errorf("the judge does not listen any more: %w", err)
	}
	line, err := j.answer.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the judge stopped answering: %w", err)
	}
	if err := json.Unmarshal(line, answer); err != nil {
		return fmt.Errorf("the judge's answer %.200q: %w", line, err)
	}
	return nil
}

// Close ends the JVM.
func (j *Judge) Close() error {
	j.ask.Close()
	return j.cmd.Wait()
}
