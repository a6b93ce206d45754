package storagetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// nothingStaysOpen goes through all there is to do, to its end and away from it
// early, each many times over. What grows each time is a leak; a pool that fills up
// grows, too, but not that far.
func nothingStaysOpen(s *subject) error {
	if err := s.putAll("object", "other"); err != nil {
		return err
	}
	if err := s.put("large", noise(11, min(s.opts.largeSize(), 1<<20))); err != nil {
		return err
	}
	for _, way := range append(s.leavings(), s.finishings()...) {
		if err := s.repeat(way, 24); err != nil {
			return err
		}
	}
	return s.repeat(leaving{"abandoning a large write", func() error { return s.abandon("new", s.opts.largeSize()) }}, 6)
}

func (s *subject) repeat(way leaving, rounds int) error {
	if err := way.leave(); err != nil { // connects, and fills pools
		return fmt.Errorf("%s: %w", way.name, err)
	}
	before := countOpen(s.dir)
	var err error
	pprof.Do(s.ctx, pprof.Labels(label, s.dir), func(context.Context) {
		for range rounds {
			err = errors.Join(err, way.leave())
		}
	})
	if err != nil {
		return fmt.Errorf("%s: %w", way.name, err)
	}
	if err := before.settle(s.dir, rounds); err != nil {
		return fmt.Errorf("%s, %d times: %w", way.name, rounds, err)
	}
	return nil
}

// label marks the goroutines that were started while we were leaving: others may
// come and go in this process meanwhile.
const label = "storagetest"

// opened is what is open: goroutines with our label, and descriptors, which have none.
type opened struct{ goroutines, descriptors int }

func countOpen(mark string) opened {
	descriptors, _ := os.ReadDir("/proc/self/fd") // where there is none, none are counted
	return opened{countGoroutines(mark), len(descriptors)}
}

// settle waits until what is ending has ended.
func (before opened) settle(mark string, rounds int) error {
	patience := time.After(3 * time.Second)
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		now := countOpen(mark)
		goroutines, descriptors := now.goroutines-before.goroutines, now.descriptors-before.descriptors
		if goroutines < rounds && descriptors < rounds {
			return nil
		}
		select {
		case <-patience:
			return fmt.Errorf("%d goroutines and %d descriptors stay open", goroutines, descriptors)
		case <-poll.C:
		}
	}
}

// countGoroutines counts those with our mark, as the profile shows them: a heading,
// then "24 @ …" and, below it, their labels, the largest group first.
func countGoroutines(mark string) int {
	var profile strings.Builder
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return 0
	}
	_, groups, _ := strings.Cut(profile.String(), "\n") // the largest follows its heading at once
	total := 0
	for group := range strings.SplitSeq(groups, "\n\n") {
		if strings.Contains(group, mark) {
			count := 0
			_, _ = fmt.Sscanf(group, "%d @", &count)
			total += count
		}
	}
	return total
}

type leaving struct {
	name  string
	leave func() error
}

// leavings are the ways to leave early.
func (s *subject) leavings() []leaving {
	ways := []leaving{
		{"closing a reader at its first byte", func() error { return s.leaveReading("large") }},
		{"opening what is not there", func() error { _, _, err := s.get("absent", nil); return without(err) }},
		{"cancelling a reader", func() error { _, err := s.cancelReading("large", 1); return without(err) }},
		{"stopping a listing", s.leaveListing},
		{"cancelling a listing", func() error { _, err := s.cancelListing(1); return without(err) }},
		{"abandoning a write", func() error { return s.abandon("new", 100) }},
		{"failing to read what is uploaded", func() error { return s.failUpload("new") }},
		{"cancelling an upload", func() error { return without(s.cancelUpload("new")) }},
		{"cancelling a write", func() error { return s.cancelWrite([]byte("new"), 1) }},
	}
	if !backend.LimitsOf(s.backend).NoExclusiveCreate {
		ways = append(ways, leaving{"losing an exclusive creation", func() error {
			return without(s.write("object", []byte("new"), ifAbsent()))
		}})
	}
	return ways
}
