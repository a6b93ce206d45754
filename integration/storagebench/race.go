package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// turn is what one process took.
type turn struct {
	wall, cpu time.Duration
	rss       int64 // bytes
	said      string
}

// discipline is one thing that all do.
type discipline struct {
	name, title string
	bytes       func(c config) int64
	prepare     func(r *arena) error    // before each turn; may be nil
	args        func(r *arena) []string // of the worker
	stdin       bool                    // the large file comes through a pipe
	check       func(r *arena) error    // what became of it; may be nil
}

// arena is a server with the data that the disciplines need.
type arena struct {
	config
	*server
	dir      string // on the same disk as the server's
	down     string // where downloads go
	endpoint string // of the server, or of a proxy before it
}

func disciplines() []discipline {
	large := func(c config) int64 { return c.large }
	small := func(c config) int64 { return int64(c.count) * c.small }
	return []discipline{
		{name: "down-large", title: "download one large object", bytes: large, prepare: (*arena).clear,
			args:  func(r *arena) []string { return []string{"large", filepath.Join(r.down, "large")} },
			check: func(r *arena) error { return r.sizes(1, r.large) }},
		{name: "up-large", title: "upload one large object", bytes: large, prepare: (*arena).forget,
			args: func(r *arena) []string { return []string{filepath.Join(r.dir, "large"), "up-large"} }},
		{name: "stream", title: "upload a stream of unknown length", bytes: large, stdin: true, prepare: (*arena).forget,
			args: func(*arena) []string { return []string{"up-large"} }},
		{name: "down-small", title: "download many small objects", bytes: small, prepare: (*arena).clear,
			args:  func(r *arena) []string { return append([]string{"small", r.down}, r.names()...) },
			check: func(r *arena) error { return r.sizes(r.count, r.small) }},
		{name: "up-small", title: "upload many small objects", bytes: small, prepare: (*arena).forget,
			args: func(r *arena) []string { return []string{filepath.Join(r.dir, "small"), "up-small"} }},
	}
}

func (a *arena) names() []string {
	names := make([]string, a.count)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// clear empties the folder for downloads.
func (a *arena) clear() error {
	if err := os.RemoveAll(a.down); err != nil {
		return err
	}
	return os.Mkdir(a.down, 0o755)
}

// forget removes what was uploaded, where the server has it: who finds it there
// again may not send it.
func (a *arena) forget() error {
	return errors.Join(os.RemoveAll(filepath.Join(a.dir, "data", bucket, "up-large")), os.RemoveAll(filepath.Join(a.dir, "data", bucket, "up-small")))
}

// sizes says whether the folder holds so many files of this size.
func (a *arena) sizes(count int, size int64) error {
	entries, err := os.ReadDir(a.down)
	if err != nil {
		return err
	}
	whole := 0
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.Size() == size {
			whole++
		}
	}
	if whole != count {
		return fmt.Errorf("%d files of %d are whole", whole, count)
	}
	return nil
}

// fill makes the files, and the objects by way of our own client.
func (a *arena) fill() error {
	if err := os.MkdirAll(filepath.Join(a.dir, "small"), 0o755); err != nil {
		return err
	}
	if err := writeRandom(filepath.Join(a.dir, "large"), a.large); err != nil {
		return err
	}
	for _, name := range a.names() {
		if err := writeRandom(filepath.Join(a.dir, "small", name), a.small); err != nil {
			return err
		}
	}
	return nil
}

func (a *arena) load(ctx context.Context) error {
	ours := clients()[0]
	for _, d := range []struct {
		name string
		args []string
	}{
		{"up-large", []string{filepath.Join(a.dir, "large"), "large"}},
		{"up-small", []string{filepath.Join(a.dir, "small"), "small"}},
	} {
		if _, err := a.run(ctx, ours, d.name, d.args, false); err != nil {
			return err
		}
	}
	return nil
}

func writeRandom(name string, size int64) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if _, err := io.CopyN(f, rand.Reader, size); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// run has a client do something, in a process of its own.
func (a *arena) run(ctx context.Context, c client, discipline string, args []string, stdin bool) (turn, error) {
	cmd := c.command(ctx, a.config, discipline, args)
	if cmd == nil {
		return turn{}, errNotDone
	}
	cmd.Env = append(a.environment(a.endpoint), programEnvironment(a.endpoint)...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if stdin {
		stop, err := a.feed(ctx, cmd)
		if err != nil {
			return turn{}, err
		}
		defer stop()
	}
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return turn{}, fmt.Errorf("%s, %s: %w: %s", c, discipline, err, tail(said.String()+out.String()))
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return turn{wall: wall, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), rss: usage.Maxrss << 10, said: out.String()}, nil
}

var errNotDone = fmt.Errorf("the client does not do that")

// feed gives the command the large file through a pipe, by a process of its own.
func (a *arena) feed(ctx context.Context, cmd *exec.Cmd) (stop func(), err error) {
	cat := exec.CommandContext(ctx, "cat", filepath.Join(a.dir, "large"))
	out, err := cat.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdin = out
	if err := cat.Start(); err != nil {
		return nil, err
	}
	return func() { out.Close(); _ = cat.Wait() }, nil
}

func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " | ")
}
