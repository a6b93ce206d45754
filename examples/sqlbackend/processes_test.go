package sqlbackend_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/cairnstate/cairn/examples/sqlbackend"
	"github.com/cairnstate/cairn/storage/backend"
)

// The tests start themselves as other processes, which these variables tell apart.
const (
	childFile = "SQLBACKEND_TEST_FILE" // the database
	childSize = "SQLBACKEND_TEST_SIZE" // of the object to write
)

func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		fmt.Println(writeWhenTold(file))
		return
	}
	os.Exit(m.Run())
}

// writeWhenTold writes an object, says so, and commits when standard input ends.
func writeWhenTold(file string) (outcome string) {
	b, err := sqlbackend.New(context.Background(), file, nil)
	if err != nil {
		return err.Error()
	}
	defer b.Close()
	w, err := b.Create(context.Background(), "dir/object", &backend.CreateOptions{IfAbsent: true})
	if err != nil {
		return err.Error()
	}
	defer w.Close()
	var size int
	if _, err := fmt.Sscan(os.Getenv(childSize), &size); err != nil {
		return err.Error()
	}
	if _, err := w.Write(bytes.Repeat([]byte{byte(os.Getpid())}, size)); err != nil {
		return err.Error()
	}
	fmt.Println("written")
	_, _ = io.Copy(io.Discard, os.Stdin)
	switch err := w.Commit(); {
	case err == nil:
		return "won"
	case errors.Is(err, fs.ErrExist):
		return "lost"
	default:
		return err.Error()
	}
}

// child is a process that has written and not committed.
type child struct {
	process *exec.Cmd
	stdin   io.Closer
	says    *bufio.Scanner
}

func start(t *testing.T, file string, size int) *child {
	t.Helper()
	c := &child{process: exec.CommandContext(t.Context(), os.Args[0])}
	c.process.Env = append(os.Environ(), childFile+"="+file, fmt.Sprint(childSize, "=", size))
	c.process.Stderr = os.Stderr
	stdin, err := c.process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.process.Start(); err != nil {
		t.Fatal(err)
	}
	c.stdin, c.says = stdin, bufio.NewScanner(stdout)
	if said := c.next(); said != "written" {
		t.Fatalf("the process says %q, want that it has written", said)
	}
	return c
}

func (c *child) next() string {
	c.says.Scan()
	return c.says.Text()
}

func TestOfSeveralProcessesOneWins(t *testing.T) {
	for name, size := range map[string]int{"small": 10, "of several chunks": 3 << 20} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "checkpoints.db")
			b := open(t, file)
			var children []*child
			for range 4 {
				children = append(children, start(t, file, size))
			}
			for _, c := range children {
				c.stdin.Close()
			}
			outcomes, winner := make(map[string]int), 0
			for _, c := range children {
				outcome := c.next()
				if outcomes[outcome]++; outcome == "won" {
					winner = c.process.Process.Pid
				}
				if err := c.process.Wait(); err != nil {
					t.Error(err)
				}
			}
			if outcomes["won"] != 1 || outcomes["lost"] != 3 {
				t.Errorf("outcomes are %v, want one that won and three that lost", outcomes)
			}
			if got := get(t, b, "dir/object"); !bytes.Equal(got, bytes.Repeat([]byte{byte(winner)}, size)) {
				t.Errorf("the object of %d bytes is not what the winner wrote", len(got))
			}
			expectLeft(t, file, 0)
		})
	}
}

func TestAKilledWriterLeavesWhatIsSwept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checkpoints.db")
	b := open(t, file)
	c := start(t, file, 3<<20)
	if err := c.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.process.Wait() // it was killed
	if _, err := b.Stat(t.Context(), "dir/object"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a killed process wrote can be seen: %v", err)
	}
	for info := range b.List(t.Context(), "") {
		t.Errorf("%q is listed", info.Key)
	}
	sweep(t, b, time.Now().Add(-time.Hour))
	expectLeft(t, file, 1)
	sweep(t, b, time.Now())
	expectLeft(t, file, 0)
}
