package servers

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"testing"
	"time"
)

// patience is how long a server may take until it answers. It is long because a
// busy machine is slow, and costs nothing on one that is not.
const patience = time.Minute

// program is how to run a server on an address, and how to ask it whether it is
// the one that we started, and ready.
type program struct {
	name  string
	built string // the target of the Makefile that builds it; servers if empty
	args  func(address string) []string
	env   []string
	ready func(ctx context.Context, address string) error
}

// start runs the program until the test ends and returns its address. Between
// looking for a free port and binding it somebody else may take it; then the
// server exits at once, and the next port is tried.
func (p program) start(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	path, err := binary(dir, p.name, cmp.Or(p.built, "servers"))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		address := freeAddress(t)
		running := p.run(t, path, address)
		if err = running.await(t.Context(), p, address); err == nil {
			return address
		}
		if !errors.Is(err, errExited) {
			break
		}
	}
	t.Fatal(err)
	return ""
}

// process is a running server.
type process struct {
	exited chan struct{} // closed when it has ended
	mu     sync.Mutex
	said   bytes.Buffer // by the server, guarded by mu
}

var errExited = errors.New("the server exited")

// run starts the program; the end of the test ends it. The server is started and
// waited for on one thread, with which Linux ends it if the test dies.
func (p program) run(t testing.TB, path, address string) *process {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, p.args(address)...)
	running := &process{exited: make(chan struct{})}
	cmd.Env = p.env
	cmd.Stdout, cmd.Stderr = running, running
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	cmd.SysProcAttr = dieWithParent()
	started := make(chan error)
	go func() {
		defer close(running.exited)
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // it was told to end, or ready says what is missing
		}
	}()
	t.Cleanup(func() {
		stop()
		<-running.exited
	})
	if err := <-started; err != nil {
		t.Fatalf("start %s: %v", p.name, err)
	}
	return running
}

// await returns when the server is ready, or cannot become so.
func (r *process) await(ctx context.Context, p program, address string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		err := p.ready(ctx, address)
		if err == nil {
			return nil
		}
		select {
		case <-r.exited:
			return fmt.Errorf("%s on %s: %w and said: %s", p.name, address, errExited, r)
		case <-ctx.Done():
			return fmt.Errorf("%s on %s is not ready after %v: %w; it said: %s", p.name, address, patience, err, r)
		case <-poll.C:
		}
	}
}

// Write keeps what the server says.
func (r *process) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said.Write(b)
}

// String returns what the server said.
func (r *process) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said.String()
}

// freeAddress returns a loopback address whose port is free.
func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
