package storage

import (
	"cmp"
	"io"
	"slices"
	"sync"
)

// arrivals is where a download goes, and knows what of it has come: ranges come in any
// order, some of them twice, and one that never comes leaves no mark in a file. It is
// safe for use by many goroutines at once if to is.
type arrivals struct {
	to io.WriterAt

	mu   sync.Mutex
	runs []run // guarded by mu; ascending, with gaps between them: about as many as ranges are under way
}

// run is a run of bytes that have come.
type run struct{ from, to int64 }

// WriteAt passes the bytes on and takes note of them.
func (a *arrivals) WriteAt(p []byte, at int64) (int, error) {
	n, err := a.to.WriteAt(p, at)
	if n > 0 {
		a.add(run{at, at + int64(n)})
	}
	return n, err
}

// add puts the run in its place, and makes one of all that it touches.
func (a *arrivals) add(r run) {
	a.mu.Lock()
	defer a.mu.Unlock()
	first, _ := slices.BinarySearchFunc(a.runs, r.from, func(r run, from int64) int { return cmp.Compare(r.to, from) })
	next := first
	for ; next < len(a.runs) && a.runs[next].from <= r.to; next++ {
		r = run{min(r.from, a.runs[next].from), max(r.to, a.runs[next].to)}
	}
	a.runs = slices.Replace(a.runs, first, next, r)
}

// whole returns how many bytes have come without a gap, from the first on.
func (a *arrivals) whole() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.runs) == 0 || a.runs[0].from > 0 {
		return 0
	}
	return a.runs[0].to
}

// end returns the end of the last byte that has come.
func (a *arrivals) end() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.runs) == 0 {
		return 0
	}
	return a.runs[len(a.runs)-1].to
}
