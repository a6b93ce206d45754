package pending_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/pending"
)

// In whatever order answers come, and however often, and whoever else speaks: the
// content of the metadata is the same.
func TestOrderDoesNotMatter(t *testing.T) {
	j := jobOf(t, vertex(5, "a", "b"), vertex(3, "c"), vertex(4, "d"))
	var want *checkpoint.Metadata
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := planOf(t, j, "RFRRR", "FFF", "RRRR")
		c := pending.New(7, time.Unix(100, 0), p, j, []checkpoint.OperatorID{id("a"), id("c"), id("d")}, []string{"x", "y"}, properties)
		answers := []func(){
			func() { c.AcknowledgeCoordinator(id("a"), []byte("a")) },
			func() { c.AcknowledgeCoordinator(id("c"), []byte("c")) },
			func() { c.AcknowledgeCoordinator(id("d"), nil) },
			func() { c.AcknowledgeHook("x", &checkpoint.MasterState{Name: "x"}) },
			func() { c.AcknowledgeHook("y", &checkpoint.MasterState{Name: "y"}) },
		}
		for _, e := range p.Wait {
			answers = append(answers, func() {
				path := fmt.Sprint(e.Attempt)
				c.AcknowledgeTask(e.Attempt, snapshot(map[string]*checkpoint.OperatorSubtaskState{"a": keyed(path), "d": keyed(path)}))
			}, func() {
				stranger := e.Attempt
				stranger.Attempt--
				c.AcknowledgeTask(stranger, snapshot(map[string]*checkpoint.OperatorSubtaskState{"a": keyed("of before")}))
			})
		}
		answers = append(answers, answers...) // all twice
		r.Shuffle(len(answers), func(i, k int) { answers[i], answers[k] = answers[k], answers[i] })
		for _, answer := range answers {
			answer()
		}
		got, err := c.Finalize()
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}
