// Package oracle builds the Java oracle (integration/flink/oracle) against one
// release of Flink, and runs it.
package oracle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Oracle is a built oracle.
type Oracle struct {
	Release string // of Flink: 2.3.0
	Writes  []int  // the metadata versions that it writes, ascending
	dir     string // where its classes and jars are
}

// Build builds the oracle against a release of Flink, the newest if empty. The
// first time this downloads Flink.
func Build(ctx context.Context, release string) (*Oracle, error) {
	args := []string{filepath.Join(source(), "build.sh")}
	if release != "" {
		args = append(args, release)
	}
	out, err := run(exec.CommandContext(ctx, "sh", args...))
	if err != nil {
		return nil, fmt.Errorf("build the oracle (it takes a JDK of 11 or later, Maven, and Maven Central): %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	o := &Oracle{dir: lines[len(lines)-1]}
	return o, o.ask(ctx)
}

func (o *Oracle) ask(ctx context.Context) error {
	out, err := o.Run(ctx, "versions")
	if err != nil {
		return err
	}
	var versions struct {
		Flink  string
		Writes []int
	}
	if err := json.Unmarshal(out, &versions); err != nil {
		return fmt.Errorf("oracle versions: %w", err)
	}
	o.Release, o.Writes = versions.Flink, versions.Writes
	return nil
}

// source is the folder of the oracle, found from this file.
func source() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "flink", "oracle")
}

// Run runs one command to its end and returns what it printed.
func (o *Oracle) Run(ctx context.Context, args ...string) ([]byte, error) {
	// One thread collects garbage: these programs share the machine with tests.
	return run(o.command(ctx, []string{"-Xmx4g", "-XX:+UseSerialGC"}, args...))
}

func (o *Oracle) command(ctx context.Context, jvm []string, args ...string) *exec.Cmd {
	classpath := filepath.Join(o.dir, "classes") + string(os.PathListSeparator) + filepath.Join(o.dir, "lib", "*")
	all := slices.Concat(jvm, []string{"-cp", classpath, "cairn.oracle.Oracle"}, args)
	return exec.CommandContext(ctx, "java", all...)
}

// run returns what a command printed, and with an error the end of what it
// complained about: the cause of a Java exception is at its end.
func run(cmd *exec.Cmd) ([]byte, error) {
	out, err := cmd.Output()
	if err == nil {
		return out, nil
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		complaint := bytes.TrimSpace(exit.Stderr)
		return nil, fmt.Errorf("%s: %w:\n%s", filepath.Base(cmd.Path), err, complaint[max(0, len(complaint)-4000):])
	}
	return nil, err
}
