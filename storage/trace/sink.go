package trace

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// Sink takes the lines of a trace, in the order in which the operations end. It is
// called by many goroutines at once.
type Sink func(Line)

// Of returns a sink that gives each line the name of its store and passes it on, so
// that several stores can have one trace.
func (s Sink) Of(store string) Sink {
	return func(l Line) {
		l.Store = store
		s(l)
	}
}

// Text returns a sink that writes each line to w with one call of Write, one at a
// time. Errors of w are ignored: the trace must not decide what becomes of the job.
func Text(w io.Writer) Sink { return text(w, func(l Line) string { return l.String() }) }

// Timed is [Text] with the time that each operation took.
func Timed(w io.Writer) Sink {
	return text(w, func(l Line) string { return fmt.Sprintf("%s in %s", l, l.Took.Round(time.Microsecond)) })
}

func text(w io.Writer, say func(Line) string) Sink {
	var mu sync.Mutex
	return func(l Line) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(w, say(l))
	}
}

// Log returns a sink that logs each line at the level, under the name "storage".
func Log(logger *slog.Logger, level slog.Level) Sink {
	return func(l Line) {
		logger.LogAttrs(context.Background(), level, l.String(), slog.Any("storage", l))
	}
}
