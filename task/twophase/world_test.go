package twophase_test

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/cairnstate/cairn/task/twophase"
)

// world is the other side: transactions of numbers.
type world struct {
	next    int
	pending map[string]*transaction // begun and prepared ones
	visible map[int]int             // how often each number can be seen

	// crash, if it is not nil, is asked before and after each step of the world.
	crash func(step string) error
}

func newWorld() *world {
	return &world{pending: map[string]*transaction{}, visible: map[int]int{}, crash: func(string) error { return nil }}
}

var errCrash = errors.New("the process dies here")

type transaction struct {
	world    *world
	name     string
	origin   twophase.Origin
	numbers  []int
	prepared bool
}

// step does something, and the process may die before or after it.
func (w *world) step(name string, do func()) error {
	if err := w.crash(name + " not done"); err != nil {
		return err
	}
	do()
	return w.crash(name + " done")
}

func (w *world) Begin(_ context.Context, origin twophase.Origin) (twophase.Transaction[int, string], error) {
	w.next++
	t := &transaction{world: w, name: fmt.Sprint("t", w.next), origin: origin}
	return t, w.step("begin", func() { w.pending[t.name] = t })
}

func (t *transaction) Write(_ context.Context, n int) error {
	return t.world.step("write", func() { t.numbers = append(t.numbers, n) })
}

func (t *transaction) Prepare(context.Context) (string, error) {
	return t.name, t.world.step("prepare", func() { t.prepared = true })
}

func (t *transaction) Close() error {
	if !t.prepared {
		delete(t.world.pending, t.name)
	}
	return nil
}

func (w *world) Commit(_ context.Context, name string) error {
	t := w.pending[name]
	if t != nil && !t.prepared {
		return fmt.Errorf("%s is committed, and was not prepared", name)
	}
	return w.step("commit", func() {
		if t != nil {
			delete(w.pending, name)
			for _, n := range t.numbers {
				w.visible[n]++
			}
		}
	})
}

func (w *world) AbortStale(_ context.Context, stale func(twophase.Origin) bool) error {
	return w.step("abort", func() {
		maps.DeleteFunc(w.pending, func(_ string, t *transaction) bool { return stale(t.origin) })
	})
}
