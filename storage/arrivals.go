package storage

import (
	"io"

	"github.com/cairnstate/cairn/storage/internal/spans"
)

// arrivals is where a download goes, and knows what of it has come: ranges come in any
// order, some of them twice, and one that never comes leaves no mark in a file. It is
// safe for use by many goroutines at once if to is.
type arrivals struct {
	to   io.WriterAt
	came spans.Set
}

// WriteAt passes the bytes on and takes note of them.
func (a *arrivals) WriteAt(p []byte, at int64) (int, error) {
	n, err := a.to.WriteAt(p, at)
	a.came.Add(at, int64(n))
	return n, err
}

// whole returns how many bytes have come without a gap, from the first on.
func (a *arrivals) whole() int64 { return a.came.Whole() }

// end returns the end of the last byte that has come.
func (a *arrivals) end() int64 { return a.came.End() }
