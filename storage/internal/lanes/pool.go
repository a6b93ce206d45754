package lanes

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// pool keeps the lanes to one server. Who finds none waits, the longest first.
type pool struct {
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	address  string
	limit    int           // of lanes; 0: none
	patience time.Duration // with an idle lane; 0: without end
	sizes    sizes

	mu      sync.Mutex
	lanes   int         // guarded by mu; how many there are, or are being made
	idle    []*lane     // guarded by mu; the last used last
	waiting list.List   // guarded by mu; of chan *lane
	closing bool        // guarded by mu; who becomes idle is closed
	expiry  *time.Timer // guarded by mu; nil if nothing is idle, or may be for ever
}

func newPool(base *http.Transport, to server) *pool {
	p := &pool{
		dial: base.DialContext, address: to.address(), limit: base.MaxConnsPerHost, patience: base.IdleConnTimeout,
		sizes: sizesOf(base),
	}
	if to.scheme == "https" {
		p.dial = base.DialTLSContext
	}
	return p
}

// take returns a lane that nobody else uses, until it is put back or dropped.
func (p *pool) take(ctx context.Context) (*lane, error) {
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		l, place := p.ask()
		if place != nil {
			select {
			case l = <-place.Value.(chan *lane):
			case <-ctx.Done():
				p.leave(place)
				return nil, context.Cause(ctx)
			}
		}
		if l == nil {
			return p.open(ctx)
		}
		if l.isAlive() {
			return l, nil
		}
		p.drop(l)
	}
}

// ask returns an idle lane, or nil for the right to open one, or else a place in the
// queue, from which one of both will come.
func (p *pool) ask() (*lane, *list.Element) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closing = false
	if n := len(p.idle); n > 0 {
		l := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return l, nil
	}
	if p.limit > 0 && p.lanes >= p.limit {
		return nil, p.waiting.PushBack(make(chan *lane, 1))
	}
	p.lanes++
	return nil, nil
}

// leave leaves the queue. What was handed over meanwhile goes to the next.
func (p *pool) leave(place *list.Element) {
	p.mu.Lock()
	select {
	case l := <-place.Value.(chan *lane):
		p.mu.Unlock()
		if l == nil {
			p.freeOne()
		} else {
			p.put(l)
		}
	default:
		p.waiting.Remove(place)
		p.mu.Unlock()
	}
}

func (p *pool) open(ctx context.Context) (*lane, error) {
	conn, err := p.dial(ctx, "tcp", p.address)
	if err != nil {
		p.freeOne()
		return nil, err
	}
	return newLane(p, conn), nil
}

// put takes a lane back that can be used again.
func (p *pool) put(l *lane) {
	l.used = true
	if !p.keep(l) {
		p.drop(l)
	}
}

// keep hands the lane to who waits longest, or makes it idle, or returns false.
func (p *pool) keep(l *lane) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if first := p.waiting.Front(); first != nil {
		p.waiting.Remove(first).(chan *lane) <- l
		return true
	}
	if p.closing {
		return false
	}
	l.idleSince = time.Now()
	p.idle = append(p.idle, l)
	if p.expiry == nil && p.patience > 0 {
		p.expiry = time.AfterFunc(p.patience, p.expire)
	}
	return true
}

// drop closes a lane.
func (p *pool) drop(l *lane) {
	l.conn.Close()
	p.freeOne()
}

// freeOne lets another lane be opened.
func (p *pool) freeOne() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if first := p.waiting.Front(); first != nil {
		p.waiting.Remove(first).(chan *lane) <- nil
		return
	}
	p.lanes--
}

// expire closes the lanes that were idle for too long.
func (p *pool) expire() {
	p.mu.Lock()
	stale := 0
	for stale < len(p.idle) && time.Since(p.idle[stale].idleSince) >= p.patience {
		stale++
	}
	cut := p.cut(stale)
	if p.expiry = nil; len(p.idle) > 0 {
		p.expiry = time.AfterFunc(p.patience-time.Since(p.idle[0].idleSince), p.expire)
	}
	p.mu.Unlock()
	closeAll(cut)
}

func (p *pool) closeIdle() {
	p.mu.Lock()
	p.closing = true
	cut := p.cut(len(p.idle))
	if p.expiry != nil {
		p.expiry.Stop()
		p.expiry = nil
	}
	p.mu.Unlock()
	closeAll(cut)
}

// cut removes the n lanes that were idle the longest; the caller holds mu, and closes
// them when he does not any more, as that may take its time.
func (p *pool) cut(n int) []*lane {
	cut := slices.Clone(p.idle[:n])
	p.idle = slices.Delete(p.idle, 0, n)
	p.lanes -= n
	return cut
}

func closeAll(lanes []*lane) {
	for _, l := range lanes {
		l.conn.Close()
	}
}
