package durable_test

import (
	"testing"

	"github.com/cairnstate/cairn/coordinator/completed"
)

// How a job ended is known to whoever takes over before all was cleared away, however
// many die over that; and no more once the job runs again.
func TestResultOutlivesItsLeader(t *testing.T) {
	for name, b := range stores(t) {
		t.Run(name, func(t *testing.T) {
			first := leading(t, b, "first")
			if result := first.Result(); result != "" {
				t.Errorf("a new job has ended: %s", result)
			}
			take(t, first)
			_, _, err := first.Shutdown(t.Context(), completed.Finished)
			must(t, err)
			leading(t, b, "second")
			third := leading(t, b, "third")
			if result := third.Result(); result != completed.Finished {
				t.Errorf("result %q", result)
			}
			take(t, third)
			if result := leading(t, b, "fourth").Result(); result != "" {
				t.Errorf("a job that runs has ended: %s", result)
			}
		})
	}
}

// What somebody restores is what the job has now, and goes when it ends for the second
// time.
func TestResultIsForgottenByARestore(t *testing.T) {
	for name, b := range stores(t) {
		t.Run(name, func(t *testing.T) {
			first := leading(t, b, "first")
			c := published(t, b, take(t, first))
			_, _, err := first.Shutdown(t.Context(), completed.Finished)
			must(t, err)
			second := leading(t, b, "second")
			_, err = second.Add(t.Context(), c)
			must(t, err)
			if result := second.Result(); result != "" {
				t.Errorf("result %q", result)
			}
			discard, _, err := second.Shutdown(t.Context(), completed.Finished)
			must(t, err)
			if len(discard) != 1 {
				t.Errorf("%d are discarded", len(discard))
			}
		})
	}
}

// A leader that lived to conclude a job has told its result, even if something is left to
// clear away.
func TestResultIsForgottenByConclude(t *testing.T) {
	for name, b := range stores(t) {
		t.Run(name, func(t *testing.T) {
			first := leading(t, b, "first")
			take(t, first)
			_, _, err := first.Shutdown(t.Context(), completed.Finished)
			must(t, err)
			must(t, first.Conclude(t.Context()))
			second := leading(t, b, "second")
			if result, left := second.Result(), leftovers(second); result != "" || left != "1" {
				t.Errorf("result %q, leftovers %q", result, left)
			}
		})
	}
}
