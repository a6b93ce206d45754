// Package cluster has a running Flink restore snapshots (integration/flink/running):
// jobs on a cluster inside one JVM, whose tasks are then asked what they were told
// and what they hold.
package cluster

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/cairnstate/cairn/integration/interop/internal/javaprogram"
)

// Cluster is a JVM that restores one snapshot after the other. It is for one
// goroutine.
type Cluster struct {
	cmd    *exec.Cmd
	ask    io.WriteCloser
	answer *bufio.Reader
	temp   string
}

// Restored is a job that was restored.
type Restored struct {
	Problem string          // why it was not; empty if it was
	Job     json.RawMessage // as expected.json has it, at the parallelism that it ran at

	// Told is what each subtask was told to restore, in the words of package verdict.
	Told []string

	// Held is what the state backends of each subtask hold, and Raw how much raw
	// state was read, by kind and subtask.
	Held []string
	Raw  map[string]int
}

// Start builds what runs in the JVM, and starts it. The first time this downloads
// Flink.
func Start(ctx context.Context) (*Cluster, error) {
	built, err := javaprogram.Build(ctx, "running", "JDK 17")
	if err != nil {
		return nil, err
	}
	return start(ctx, built.Options, built.Classpath)
}

func start(ctx context.Context, options []string, classpath string) (c *Cluster, err error) {
	c = &Cluster{}
	if c.temp, err = os.MkdirTemp("", "cluster-"); err != nil {
		return nil, err
	}
	args := append(options, "-Xmx2g", "-XX:+UseSerialGC", "-Djava.io.tmpdir="+c.temp, "-Dfile.encoding=UTF-8",
		"-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", classpath, "dev.cairnstate.flinkdata.RunRestores")
	c.cmd = exec.CommandContext(ctx, "java", args...)
	c.cmd.Stderr = os.Stderr
	if c.ask, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	answer, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.answer = bufio.NewReaderSize(answer, 1<<16)
	return c, c.cmd.Start()
}

// Restore runs the job of a case of testdata/flink from a snapshot of it, each
// operator with its parallelism changed: "same", "half", "double" or "odd". State
// that no operator takes may be left behind if that is allowed.
func (c *Cluster) Restore(name, snapshot, change string, allowNonRestored bool) (*Restored, error) {
	if _, err := fmt.Fprintf(c.ask, "%s\t%s\t%s\t%v\n", name, snapshot, change, allowNonRestored); err != nil {
		return nil, fmt.Errorf("the cluster does not listen any more: %w", err)
	}
	line, err := c.answer.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("the cluster stopped answering: %w", err)
	}
	restored := &Restored{}
	if err := json.Unmarshal(line, restored); err != nil {
		return nil, fmt.Errorf("the cluster's answer %.200q: %w", line, err)
	}
	return restored, nil
}

// Close ends the JVM.
func (c *Cluster) Close() error {
	c.ask.Close()
	return errors.Join(c.cmd.Wait(), os.RemoveAll(c.temp))
}
