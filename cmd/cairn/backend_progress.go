package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress says what is being done: on a terminal in one line that is written over,
// elsewhere in a line now and then, so that a log shows that it goes on.
type progress struct {
	w        io.Writer
	terminal bool
	last     time.Time
}

// between is the time between two lines of a log.
const between = 10 * time.Second

func newProgress(w io.Writer) *progress {
	return &progress{w: w, terminal: isTerminal(w), last: time.Now()}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	stat, err := file.Stat()
	return err == nil && stat.Mode()&os.ModeCharDevice != 0
}

const lineWidth = 79

func (p *progress) step(what string) {
	switch {
	case p.terminal:
		fmt.Fprintf(p.w, "\r%-*.*s", lineWidth, lineWidth, what)
	case time.Since(p.last) >= between:
		p.last = time.Now()
		fmt.Fprintln(p.w, what)
	}
}

// done leaves a terminal's line empty.
func (p *progress) done() {
	if p.terminal {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", lineWidth))
	}
}
