package cleaner_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/coordinator/cleaner"
	"github.com/cairnstate/cairn/coordinator/work"
)

// steps is an executor that does one thing at a time, when it is told to.
type steps struct {
	work.Blocking
	ready []func()
}

func (s *steps) Go(f func()) { s.ready = append(s.ready, f) }

func (*steps) NewLock() sync.Locker { return new(sync.Mutex) }

func (s *steps) step() {
	f := s.ready[0]
	s.ready = s.ready[1:]
	f()
}

var errStore = errors.New("the store is away")

func TestInTheirOrderAndAFewAtATime(t *testing.T) {
	var executor steps
	c := cleaner.New(&executor, 2)
	var begun, told []string
	for i := range 5 {
		name := fmt.Sprintf("checkpoint %d", i)
		c.Clean(name, func(context.Context) error {
			begun = append(begun, name)
			return nil
		}, func(error) { told = append(told, fmt.Sprint(name, ": ", c.Cleaning(), " left")) })
	}
	if len(begun) > 0 || c.Cleaning() != 5 {
		t.Errorf("before anything ran %q had begun, and %d were to clean", begun, c.Cleaning())
	}
	for left := 5; left > 0; left-- {
		if ready := len(executor.ready); ready != min(left, 2) {
			t.Errorf("%d run at a time when %d are left, want no more than 2", ready, left)
		}
		executor.step()
	}
	want := []string{"checkpoint 0: 4 left", "checkpoint 1: 3 left", "checkpoint 2: 2 left", "checkpoint 3: 1 left", "checkpoint 4: 0 left"}
	if !reflect.DeepEqual(told, want) || len(begun) != 5 {
		t.Errorf("told were %q, want %q", told, want)
	}
}

func TestAFailureIsToldAndTheOthersGoOn(t *testing.T) {
	var executor steps
	c := cleaner.New(&executor, 0)
	var told []error
	tell := func(err error) { told = append(told, err) }
	c.Clean("checkpoint 3", func(context.Context) error { return errStore }, tell)
	c.Clean("checkpoint 4", func(context.Context) error { return nil }, tell)
	c.Clean("checkpoint 5", func(context.Context) error { return errStore }, nil)
	for len(executor.ready) > 0 {
		executor.step()
	}
	if len(told) != 2 || !errors.Is(told[0], errStore) || told[0].Error() != "clean up checkpoint 3: the store is away" || told[1] != nil {
		t.Errorf("told was %v", told)
	}
	if c.Cleaning() != 0 {
		t.Errorf("%d are to clean after all was done", c.Cleaning())
	}
}

// A coordinator that was fenced deletes nothing any more.
func TestStopLetsNothingBegin(t *testing.T) {
	errFenced := errors.New("somebody else leads")
	var executor steps
	c := cleaner.New(&executor, 1)
	var begun int
	var told []error
	deleting := func(ctx context.Context) error {
		begun++
		c.Stop(errFenced)
		c.Stop(nil) // too late
		return context.Cause(ctx)
	}
	for range 3 {
		c.Clean("a checkpoint", deleting, func(err error) { told = append(told, err) })
	}
	executor.step()
	c.Clean("a late one", deleting, func(err error) { told = append(told, err) })
	for len(executor.ready) > 0 {
		executor.step()
	}
	if begun != 1 {
		t.Errorf("%d deletions began, want the one that stopped all", begun)
	}
	for _, err := range told {
		if !errors.Is(err, errFenced) {
			t.Errorf("a deletion ended with %v, want the cause", err)
		}
	}
	if len(told) != 4 || c.Cleaning() != 0 {
		t.Errorf("%d were told, %d are left to clean", len(told), c.Cleaning())
	}

	c = cleaner.New(&executor, 1)
	c.Stop(nil)
	c.Clean("a checkpoint", deleting, func(err error) { told = append(told, err) })
	executor.step()
	if err := told[len(told)-1]; !errors.Is(err, cleaner.ErrStopped) {
		t.Errorf("without a cause it ended with %v, want ErrStopped", err)
	}
}

func TestWaitIsForAllThatWasTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var executor work.Goroutines
		c := cleaner.New(&executor, 2)
		if err := c.Wait(t.Context()); err != nil {
			t.Errorf("waiting for nothing: %v", err)
		}
		slow := make(chan struct{})
		told := 0
		for range 4 {
			c.Clean("slow", func(context.Context) error { <-slow; return nil }, nil)
		}
		c.Clean("last", func(context.Context) error { return nil }, func(error) { told++ })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := c.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) || told != 0 {
			t.Errorf("waiting no longer than a minute gives %v", err)
		}
		close(slow)
		waited := make(chan error, 2)
		for range cap(waited) {
			go func() { waited <- c.Wait(t.Context()) }()
		}
		for range cap(waited) {
			if err := <-waited; err != nil || told != 1 {
				t.Errorf("waiting gives %v when %d of the last were told", err, told)
			}
		}
		executor.Wait()
	})
}
