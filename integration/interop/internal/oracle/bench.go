package oracle

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// Bench is a JVM that measures on request and stays warm in between.
type Bench struct {
	cmd   *exec.Cmd
	ask   io.WriteCloser
	reply *bufio.Reader
}

// StartBench starts one. The JVM collects garbage as it likes best, with as many
// threads as it likes.
func (o *Oracle) StartBench(ctx context.Context) (*Bench, error) {
	cmd := o.command(ctx, []string{"-Xms4g", "-Xmx6g"}, "bench")
	cmd.Stderr = os.Stderr
	ask, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	reply, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &Bench{cmd: cmd, ask: ask, reply: bufio.NewReader(reply)}, cmd.Start()
}

// Measure has Flink do something with a file several times (decode, write, append, encode, store or
// file), and returns how long each time took.
func (b *Bench) Measure(what string, iterations int, file string) ([]time.Duration, error) {
	if _, err := fmt.Fprintf(b.ask, "%s %d %s\n", what, iterations, file); err != nil {
		return nil, err
	}
	line, err := b.reply.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("the oracle stopped measuring: %w", err)
	}
	var answer struct{ Nanos []time.Duration }
	if err := json.Unmarshal(line, &answer); err != nil {
		return nil, fmt.Errorf("the oracle's answer %q: %w", line, err)
	}
	return answer.Nanos, nil
}

// Close ends the JVM.
func (b *Bench) Close() error {
	b.ask.Close()
	return b.cmd.Wait()
}
