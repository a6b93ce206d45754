package storage

import (
	"context"
	"sync"
)

// pipeline carries planned reads out: some at once, handed over in order. One
// goroutine uses it, and each read has its own.
type pipeline struct {
	source  *source
	reads   []read // not begun
	ahead   int
	ctx     context.Context
	cancel  context.CancelFunc
	queue   []*fetched // begun, in order
	current *fetched   // handed over
	spare   [][]byte
	running sync.WaitGroup
}

// fetched is a read under way; once done is closed it has its bytes, or an error.
type fetched struct {
	read
	data []byte
	err  error
	done chan struct{}
}

func (p *pipeline) run(yield func(*StatePart, error) bool) error {
	for len(p.reads)+len(p.queue) > 0 {
		if err := p.next(); err != nil {
			return err
		}
		for _, piece := range p.current.pieces {
			part := &StatePart{Index: piece.index, pipeline: p, data: p.current.data[piece.from:][:piece.length], rest: piece.rest}
			if !yield(part, nil) {
				return nil
			}
			if err := part.skip(); err != nil {
				return err
			}
		}
	}
	return nil
}

// next waits for the next read and makes it the current one, whose memory the one
// before gives up.
func (p *pipeline) next() error {
	if p.current != nil {
		p.spare = append(p.spare, p.current.data)
		p.current = nil
	}
	for len(p.queue) < p.ahead && len(p.reads) > 0 && p.mayBegin() {
		p.begin(p.reads[0])
		p.reads = p.reads[1:]
	}
	first := p.queue[0]
	<-first.done
	p.queue, p.current = p.queue[1:], first
	return first.err
}

// mayBegin waits for the first request to tell the version that the others must ask
// for. If it fails, no others are needed.
func (p *pipeline) mayBegin() bool {
	if len(p.queue) == 0 {
		return true
	}
	last := p.queue[len(p.queue)-1]
	select {
	case <-p.source.pinned:
		return true
	case <-last.done:
		return last.err == nil
	}
}

func (p *pipeline) begin(r read) {
	f := &fetched{read: r, data: p.memory(r.Length), done: make(chan struct{})}
	p.queue = append(p.queue, f)
	p.running.Go(func() {
		defer close(f.done)
		if r.Length > 0 {
			f.err = p.source.fetch(p.ctx, r.StateRange, into(f.data))
		}
	})
}

func (p *pipeline) memory(size int64) []byte {
	for i, spare := range p.spare {
		if int64(cap(spare)) >= size {
			p.spare[i] = p.spare[len(p.spare)-1]
			p.spare = p.spare[:len(p.spare)-1]
			return spare[:size]
		}
	}
	p.spare = nil
	return make([]byte, size)
}

func (p *pipeline) stop() {
	p.cancel()
	p.running.Wait()
}
