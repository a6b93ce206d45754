// Package javaprogram builds the Java programs of integration/flink, which have real
// Flink do what our tests compare with. Each is a folder there with a build.sh.
package javaprogram

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Program is how a program that was built is run by java.
type Program struct {
	Options   []string // of the JVM, where build.sh prints some on the line before the last
	Classpath string
}

// Build builds the program in the folder of that name. The first time this downloads
// Flink. The JDK is what it takes, for the error.
func Build(ctx context.Context, name, jdk string) (Program, error) {
	_, file, _, _ := runtime.Caller(0)
	script := filepath.Join(filepath.Dir(file), "..", "..", "..", "flink", name, "build.sh")
	out, err := exec.CommandContext(ctx, "sh", script).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return Program{}, fmt.Errorf("build integration/flink/%s (it takes %s, Maven, and Maven Central): %w:\n%s", name, jdk, err, exit.Stderr)
	}
	if err != nil {
		return Program{}, err
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	built := Program{Classpath: lines[len(lines)-1]}
	if len(lines) > 1 {
		built.Options = strings.Fields(lines[len(lines)-2])
	}
	return built, nil
}
