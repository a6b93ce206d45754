package trace

import (
	"errors"
	"io"
	"slices"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// Wrap tells the sink what goes through b. Closing it closes b. It is as safe for use
// by many goroutines as b.
func Wrap(b backend.Backend, to Sink) backend.Backend {
	return around.Wrap(b, func(c *around.Call, do func() error) error {
		keys := slices.Clone(c.Keys)
		began := time.Now()
		err := do()
		took := time.Since(began)
		if c.Stream != nil {
			took = spent(c.Stream, took)
		}
		if l, ok := line(c, err); ok {
			l.Keys, l.Took = keys, took
			to(l)
		}
		return err
	})
}

// spent adds up what the calls of a stream took.
func spent(s *around.Stream, took time.Duration) time.Duration {
	before, _ := s.Own.(time.Duration)
	s.Own = before + took
	return before + took
}

// line returns the line of a call, if it has one: a stream has one when it ends.
func line(c *around.Call, err error) (Line, bool) {
	l := Line{Op: string(c.Op), Key: c.Key, To: c.To, IfAbsent: c.IfAbsent, Offset: c.Offset, Length: c.Length, Bytes: -1, Objects: -1, Err: err}
	switch c.Op {
	case around.Receive, around.Send: // and Download or Upload follows
		return l, false
	case around.Write: // Commit or Abort tells of the others
		l.Bytes = c.N
		return l, err != nil
	case around.List: // the listing itself follows
		return l, err != nil
	case around.Next, around.Stop:
		return listed(l, c, err)
	case around.Read, around.Close:
		return read(l, c, err)
	case around.Commit, around.Abort:
		l.Offset, l.Bytes = 0, c.Stream.Bytes
	case around.Open, around.Stat:
		if err == nil {
			l.Bytes = c.Info.Size
		}
	case around.Download, around.Swap:
		l.Bytes = c.N
	case around.Upload:
		l.Length, l.Bytes = 0, c.N
	case around.DeleteAll:
		l.Objects = len(c.Keys)
	}
	return l, true
}

func listed(l Line, c *around.Call, err error) (Line, bool) {
	l.Op, l.Offset, l.Objects = string(around.List), 0, c.Stream.Elements
	if errors.Is(err, io.EOF) {
		l.Err = nil
		return l, true
	}
	return l, err != nil || c.Op == around.Stop
}

// read is told when the reader is closed.
func read(l Line, c *around.Call, err error) (Line, bool) {
	opened := c.Stream.Open
	l.Op, l.Offset, l.Length = string(around.Read), opened.Offset, opened.Length
	l.Bytes, l.Err = c.Stream.Bytes, errors.Join(c.Stream.Err, err)
	return l, c.Op == around.Close
}
