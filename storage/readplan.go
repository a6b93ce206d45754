package storage

import (
	"cmp"
	"slices"
)

// StateRange is a part of the bytes of a handle, as partitions of operator state and
// key groups are: Length bytes from Offset on.
type StateRange struct{ Offset, Length int64 }

func (r StateRange) end() int64 { return r.Offset + r.Length }

// ReadOptions say how state is asked for. Nil and the zero value mean the defaults.
type ReadOptions struct {
	// MaxGap is how many unwanted bytes between two ranges are read rather than
	// asking twice; 0 means 1 MiB, which takes as long as a round trip to an object
	// store does. A negative number means that ranges must touch.
	MaxGap int64
	// MaxRequest is the most bytes of one request; 0 means 8 MiB.
	MaxRequest int64
	// ReadAhead is how many requests of one reader run, or wait to be consumed, at
	// once; 0 means 4. A reader holds so many times MaxRequest bytes of memory.
	ReadAhead int
}

func (o *ReadOptions) orDefaults() ReadOptions {
	if o == nil {
		o = &ReadOptions{}
	}
	return ReadOptions{
		MaxGap:     max(cmp.Or(o.MaxGap, 1<<20), 0),
		MaxRequest: max(cmp.Or(o.MaxRequest, 8<<20), 1),
		ReadAhead:  max(cmp.Or(o.ReadAhead, 4), 1),
	}
}

// read is one request, and what of its bytes is wanted.
type read struct {
	StateRange
	pieces []piece
}

// piece is a range, or as much of it as one request brings.
type piece struct {
	index  int   // of the range
	from   int64 // where in the read
	length int64
	rest   int64 // how much of the range the reads after this one bring
}

// planReads decides which requests bring the ranges: in ascending order, few, each
// at most as large as allowed. A range that is larger than a request gets several
// to itself. An empty range costs nothing.
func planReads(ranges []StateRange, o ReadOptions) []read {
	var reads []read
	open := false // the last read may take up more
	for _, i := range inOrder(ranges) {
		r := ranges[i]
		if r.Length > o.MaxRequest {
			reads = append(reads, readsOf(i, r, o.MaxRequest)...)
			open = false
			continue
		}
		if !open || !reads[len(reads)-1].takes(r, o) {
			reads = append(reads, read{StateRange: StateRange{r.Offset, 0}})
			open = true
		}
		reads[len(reads)-1].add(i, r)
	}
	return reads
}

func inOrder(ranges []StateRange) []int {
	order := make([]int, len(ranges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ranges[a].Offset, ranges[b].Offset) })
	return order
}

func (r *read) takes(next StateRange, o ReadOptions) bool {
	if r.Length == 0 || next.Length == 0 {
		return next.Length == 0
	}
	return next.Offset-r.end() <= o.MaxGap && max(r.end(), next.end())-r.Offset <= o.MaxRequest
}

func (r *read) add(index int, next StateRange) {
	if next.Length > 0 {
		r.Length = max(r.end(), next.end()) - r.Offset
	}
	r.pieces = append(r.pieces, piece{index: index, from: min(next.Offset-r.Offset, r.Length), length: next.Length})
}

// readsOf cuts a large range.
func readsOf(index int, r StateRange, most int64) []read {
	var reads []read
	for rest := r; rest.Length > 0; {
		n := min(rest.Length, most)
		one := piece{index: index, length: n, rest: rest.Length - n}
		reads = append(reads, read{StateRange{rest.Offset, n}, []piece{one}})
		rest = StateRange{rest.Offset + n, rest.Length - n}
	}
	return reads
}
