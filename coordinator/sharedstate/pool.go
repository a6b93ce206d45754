package sharedstate

import "iter"

// number is that of an entry in a pool.
type number uint32

// pool holds entries by number. It grows by pieces, and never moves one.
type pool struct {
	pieces []*piece
	length int // of the numbers, free ones included
	live   int
	// Free entries are a queue, so that the files of one task, which come and go
	// together, stay neighbours. Each names the next in low.
	first, last number
}

// perPiece makes a piece of a size that Go's allocator has.
const perPiece = 256

type piece [perPiece]entry

// never is when a free entry was last used: whoever looks for old ones passes over it.
const never = 1<<63 - 1

func (p *pool) at(i number) *entry { return &p.pieces[i/perPiece][i%perPiece] }

// take returns an entry to be written over.
func (p *pool) take() (number, *entry) {
	p.live++
	if p.live <= p.length {
		i := p.first
		e := p.at(i)
		p.first = number(e.low)
		return i, e
	}
	if p.length == len(p.pieces)*perPiece {
		p.pieces = append(p.pieces, new(piece))
	}
	p.length++
	i := number(p.length - 1)
	return i, p.at(i)
}

// give takes an entry back.
func (p *pool) give(i number) {
	if p.live == p.length {
		p.first = i
	} else {
		p.at(p.last).low = uint64(i)
	}
	p.last = i
	p.live--
	*p.at(i) = entry{usage: usage{createdBy: never, lastUsed: never}}
}

// all returns all entries, free ones included.
func (p *pool) all() iter.Seq2[number, *entry] {
	return func(yield func(number, *entry) bool) {
		for i, piece := range p.pieces {
			for j := range piece[:min(perPiece, p.length-i*perPiece)] {
				if !yield(number(i*perPiece+j), &piece[j]) {
					return
				}
			}
		}
	}
}
