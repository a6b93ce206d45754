package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/cairnstate/cairn/integration/interop/internal/javaprogram"
)

// flink is a JVM that does what it is told, and stays warm in between
// (integration/flink/registry).
type flink struct {
	cmd    *exec.Cmd
	ask    io.WriteCloser
	answer *bufio.Reader
}

// startFlink builds the program, the first time with a download of Flink, and runs
// it. The JVM collects garbage as it likes best, with as many threads as it likes.
func startFlink(ctx context.Context) (*flink, error) {
	built, err := javaprogram.Build(ctx, "registry", "a JDK of 11 or later")
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "java", "-Xms4g", "-Xmx8g", "-cp", built.Classpath, "cairn.registry.Main")
	ask, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	answer, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &flink{cmd: cmd, ask: ask, answer: bufio.NewReader(answer)}, cmd.Start()
}

func (f *flink) start(d discipline, handles int) error {
	_, err := f.put(fmt.Sprintf("job %d %t %t", handles, d.placeholders, d.shuffled))
	return err
}

func (f *flink) checkpoint() (lap, error) {
	line, err := f.put("checkpoint")
	if err != nil {
		return lap{}, err
	}
	var nanos int64
	var l lap
	if _, err := fmt.Sscan(line, &nanos, &l.discarded); err != nil {
		return lap{}, fmt.Errorf("Flink's answer %q: %w", line, err)
	}
	l.took = time.Duration(nanos)
	return l, nil
}

func (f *flink) memory() (bytes int64, err error) {
	line, err := f.put("memory")
	if err != nil {
		return 0, err
	}
	_, err = fmt.Sscan(line, &bytes)
	return bytes, err
}

func (f *flink) put(question string) (string, error) {
	if _, err := io.WriteString(f.ask, question+"\n"); err != nil {
		return "", fmt.Errorf("Flink does not listen any more: %w", err)
	}
	line, err := f.answer.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("Flink stopped answering: %w", err)
	}
	return line, nil
}

// Close ends the JVM.
func (f *flink) Close() error {
	f.ask.Close()
	return f.cmd.Wait()
}
