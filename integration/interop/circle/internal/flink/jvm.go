package flink

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"sync"

	"github.com/cairnstate/cairn/integration/interop/internal/javaprogram"
)

// JVM runs jobs, one at a time. It is safe for use by many goroutines at once.
type JVM struct {
	cmd  *exec.Cmd
	temp string
	done chan struct{} // closed once it says nothing any more

	writing sync.Mutex // guards ask; never held by whoever listens, lest all wait for each other
	ask     io.WriteCloser

	mu      sync.Mutex // guards what follows
	last    int64
	waiting map[int64]chan<- line
	job     *Job
}

// line is what the process prints: an answer, or an event.
type line struct {
	Number  int64
	Problem string
	Result  json.RawMessage
	event
}

// Start builds what runs in the JVM, and starts it. The first time this downloads
// Flink.
func Start(ctx context.Context) (*JVM, error) {
	built, err := javaprogram.Build(ctx, "circle", "JDK 17")
	if err != nil {
		return nil, err
	}
	return start(ctx, built.Options, built.Classpath)
}

func start(ctx context.Context, options []string, classpath string) (v *JVM, err error) {
	v = &JVM{waiting: map[int64]chan<- line{}, done: make(chan struct{})}
	if v.temp, err = os.MkdirTemp("", "circle-"); err != nil {
		return nil, err
	}
	args := append(options, "-Xmx2g", "-XX:+UseSerialGC", "-Djava.io.tmpdir="+v.temp, "-Dfile.encoding=UTF-8",
		"-Djava.util.logging.config.file="+os.DevNull, "-Daws.java.v1.disableDeprecationAnnouncement=true",
		"-Dorg.slf4j.simpleLogger.defaultLogLevel="+logLevel(), "-cp", classpath, "dev.cairnstate.flinkdata.Circle")
	v.cmd = exec.CommandContext(ctx, "java", args...)
	v.cmd.Stderr = os.Stderr
	if v.ask, err = v.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := v.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := v.cmd.Start(); err != nil {
		return nil, err
	}
	go v.listen(out)
	return v, nil
}

// logLevel is that of Flink's own log, on stderr.
func logLevel() string {
	if level := os.Getenv("LOG"); level != "" {
		return level
	}
	return "off"
}

// call asks for something, and waits for the answer.
func (v *JVM) call(ctx context.Context, what string, with object, result any) error {
	answer := make(chan line, 1)
	if err := v.send(what, with, answer); err != nil {
		return err
	}
	select {
	case l := <-answer:
		if l.Problem != "" {
			return fmt.Errorf("flink: %s: %s", what, l.Problem)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(l.Result, result)
	case <-v.done:
		return fmt.Errorf("flink: %s: the JVM ended", what)
	case <-ctx.Done():
		return fmt.Errorf("flink: %s: %w", what, context.Cause(ctx))
	}
}

type object = map[string]any

// send asks for something. The answer is thrown away if nobody waits for it.
func (v *JVM) send(what string, with object, answer chan<- line) error {
	request := object{"do": what, "number": v.number(answer)}
	maps.Copy(request, with)
	text, err := json.Marshal(request)
	if err != nil {
		return err
	}
	v.writing.Lock()
	defer v.writing.Unlock()
	if _, err := v.ask.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("flink: %s: the JVM does not listen any more: %w", what, err)
	}
	return nil
}

func (v *JVM) number(answer chan<- line) int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.last++
	if answer != nil {
		v.waiting[v.last] = answer
	}
	return v.last
}

// listen gives answers to those who wait for them, and events to the job.
func (v *JVM) listen(out io.Reader) {
	defer close(v.done)
	in := bufio.NewReaderSize(out, 1<<16)
	for {
		text, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			fmt.Fprintf(os.Stderr, "flink: the JVM says %.200q\n", text)
			continue
		}
		v.hear(l)
	}
}

func (v *JVM) hear(l line) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch answer, ok := v.waiting[l.Number]; {
	case ok:
		delete(v.waiting, l.Number)
		answer <- l
	case l.Event != "" && v.job != nil:
		v.job.events <- l.event
	case l.Problem != "":
		fmt.Fprintln(os.Stderr, "flink: a message to a task:", l.Problem)
	}
}

// Close ends the JVM.
func (v *JVM) Close() error {
	v.writing.Lock()
	v.ask.Close()
	v.writing.Unlock()
	<-v.done
	return errors.Join(v.cmd.Wait(), os.RemoveAll(v.temp))
}
