package retry

import (
	"context"
	"errors"
	"iter"

	"github.com/cairnstate/cairn/storage/backend"
)

// List goes on after the last element that it yielded. The contract knows no place to
// begin at, so the store lists from the beginning again, and what was yielded is left
// out: by its key alone, for keys come in order. A try that comes no farther than those
// before it is no progress, so that a listing that always breaks off at one place ends.
func (b *retrying) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		l := listing{b: b, patience: b.patience(ctx, "list", prefix), prefix: prefix, yield: yield}
		for !l.ended {
			if err := l.once(ctx); err != nil {
				if err := l.patience.again(err); err != nil {
					yield(backend.Info{}, err)
					return
				}
			}
		}
	}
}

type listing struct {
	b        *retrying
	patience *patience
	prefix   string
	last     string // the key that was yielded last; none is empty
	ended    bool   // all was listed, or the caller has enough
	yield    func(backend.Info, error) bool
}

// once lists until an error or the end. The clock rests while the caller looks at an
// element.
func (l *listing) once(ctx context.Context) error {
	a := l.b.attempt(ctx)
	defer a.close()
	previous := ""
	for info, err := range l.b.Through.List(a.ctx, l.prefix) {
		if err != nil {
			return a.told("list", l.prefix, err)
		}
		if info.Key <= previous {
			return &backend.Error{Backend: "retry", Op: "list", Key: l.prefix, Err: errOrder}
		}
		previous = info.Key
		if info.Key > l.last && !l.tell(a, info) {
			l.ended = true
			return nil
		}
		a.moving()
	}
	l.ended = true
	return nil
}

// errOrder stands for elements that would be lost, as if they had been yielded before,
// and for pages that go round in a circle.
var errOrder = errors.New("the store does not list its keys in order")

// tell yields an element that is new.
func (l *listing) tell(a *attempt, info backend.Info) bool {
	a.resting()
	l.last = info.Key
	l.patience.progressed()
	return l.yield(info, nil)
}
