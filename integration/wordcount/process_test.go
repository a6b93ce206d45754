package wordcount

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// build builds the example, as a stranger would.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "wordcount")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".")
	cmd.Dir = filepath.Join("..", "..", "examples", "wordcount")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the example: %v\n%s", err, out)
	}
	return binary
}

// process is a job that runs.
type process struct {
	cmd    *exec.Cmd
	log    bytes.Buffer // complete once ended is closed
	stdout bytes.Buffer
	told   chan string // lines of the log that say that something begins or ends
	ended  chan struct{}
	err    error
}

func start(t *testing.T, binary string, env []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(binary, args...), told: make(chan string, 1000), ended: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.SysProcAttr = dieWithParent()
	p.cmd.Stdout = &p.stdout
	stderr, err := p.cmd.StderrPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go p.follow(stderr)
	t.Cleanup(p.kill)
	return p
}

// follow reads the log, which ends with the process.
func (p *process) follow(stderr io.Reader) {
	defer close(p.ended)
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		p.log.WriteString(lines.Text() + "\n")
		for _, event := range []string{"checkpoint triggered", "checkpoint completed"} {
			if strings.Contains(lines.Text(), event) {
				select {
				case p.told <- event:
				default: // nobody listens
				}
			}
		}
	}
	p.err = p.cmd.Wait()
}

// until waits until the log has said it so many times, but no longer than the limit, and
// reports whether the process lives.
func (p *process) until(event string, times int, limit time.Duration) (lives bool) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for times > 0 {
		select {
		case told := <-p.told:
			if told == event {
				times--
			}
		case <-timer.C:
			return true
		case <-p.ended:
			return false
		}
	}
	return true
}

// after waits, and reports whether the process lives.
func (p *process) after(d time.Duration) (lives bool) { return p.until("", 1, d) }

// kill ends the process as a power failure would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// stop ends it as its owner would, and fails the test if it does not end well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(time.Minute):
		p.cmd.Process.Signal(syscall.SIGQUIT) //nolint:errcheck // it is on its way out, and tells where it hangs
		<-p.ended
		t.Fatalf("it did not end within a minute:\n%s", p.log.String())
	}
	if p.err != nil {
		t.Fatalf("it ended with %v:\n%s", p.err, p.log.String())
	}
}

func (p *process) completed() int { return strings.Count(p.log.String(), "checkpoint completed") }
