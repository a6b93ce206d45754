package barrier_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/task"
	"github.com/cairnstate/cairn/task/barrier"
)

// A script is what a channel brings: . a record, 1 and 2 barriers, a and b cancellations
// of 1 and 2. After it the channel ends.
func scripts() []string {
	return []string{"", ".", "1", "2", ".1.", "1.2", ".1.2.", "12", ".2.", "a2", "a.", "1b", ".1.b.", "ab", "b"}
}

// never is later than any script goes.
const never = 1000

// explore plays the scripts in every order in which channels that are not blocked can be
// read, and returns the number of orders. The coordinator gives checkpoint 1 up before
// this step.
func explore(t *testing.T, exactlyOnce bool, abortAt int, scripts ...string) int {
	t.Helper()
	var choices []int
	for orders := 1; ; orders++ {
		p := &play{scripts: scripts, exactlyOnce: exactlyOnce, abortAt: abortAt, Aligner: barrier.New(len(scripts)),
			read: make([]int, len(scripts)), told: map[int64]int{}, snapshots: map[int64][]int{}}
		options := p.run(choices)
		if problem := p.check(); problem != "" {
			t.Fatalf("%q, exactly once %v, order %v: %s", scripts, exactlyOnce, choices, problem)
		}
		for len(choices) < len(options) {
			choices = append(choices, 0)
		}
		for len(choices) > 0 && choices[len(choices)-1] == options[len(choices)-1]-1 {
			choices = choices[:len(choices)-1]
		}
		if len(choices) == 0 {
			return orders
		}
		choices[len(choices)-1]++
	}
}

// play is one order.
type play struct {
	*barrier.Aligner
	scripts     []string
	exactlyOnce bool
	abortAt     int
	read        []int           // of each script
	told        map[int64]int   // how often something was said of a checkpoint
	snapshots   map[int64][]int // what had been read of each script
	order       []int64
	stuck       bool
}

// run reads as the choices say, and where they end the first channel that can be read. It
// returns how many channels could have been chosen each time.
func (p *play) run(choices []int) (options []int) {
	for {
		if len(options) == p.abortAt {
			p.hear(p.Abort(1))
		}
		var can []int
		left := false
		for i, script := range p.scripts {
			if p.read[i] > len(script) { // it has ended
				continue
			}
			left = true
			if !p.Blocked(i) {
				can = append(can, i)
			}
		}
		if len(can) == 0 {
			p.stuck = left
			return options
		}
		choice := 0
		if len(options) < len(choices) {
			choice = choices[len(options)]
		}
		options = append(options, len(can))
		p.step(can[choice])
	}
}

func (p *play) step(i int) {
	at := p.read[i]
	p.read[i]++
	if at == len(p.scripts[i]) {
		p.hear(p.End(i, time.Time{}))
		return
	}
	switch c := p.scripts[i][at]; c {
	case '.':
		p.Processed(1)
	case '1', '2':
		b := task.Barrier{CheckpointID: int64(c - '0'), Options: task.CheckpointOptions{ExactlyOnce: p.exactlyOnce}}
		p.hear(p.Barrier(i, b, time.Time{}))
	default:
		p.hear(p.Cancel(i, int64(c-'a'+1)))
	}
}

func (p *play) hear(d barrier.Decision) {
	for _, aborted := range d.Aborted {
		p.told[aborted.CheckpointID]++
	}
	for _, s := range d.Snapshots {
		p.told[s.Barrier.CheckpointID]++
		p.snapshots[s.Barrier.CheckpointID] = slices.Clone(p.read)
		p.order = append(p.order, s.Barrier.CheckpointID)
	}
}

// check returns what is wrong with what was decided.
func (p *play) check() string {
	if p.stuck {
		return "channels are blocked for ever"
	}
	if !slices.IsSorted(p.order) {
		return fmt.Sprintf("snapshots came in the order %v", p.order)
	}
	for id := int64(1); id <= 2; id++ {
		if p.told[id] > 1 {
			return fmt.Sprintf("checkpoint %d was decided about %d times", id, p.told[id])
		}
		if problem := p.checkSnapshot(id); problem != "" {
			return fmt.Sprintf("checkpoint %d: %s", id, problem)
		}
	}
	return ""
}

// checkSnapshot compares what was read before the snapshot with where the barriers are.
func (p *play) checkSnapshot(id int64) string {
	read, taken := p.snapshots[id]
	everywhere, somewhere := true, false
	for i, script := range p.scripts {
		at := strings.IndexByte(script, byte('0'+id))
		somewhere = somewhere || at >= 0
		switch {
		case at < 0 && strings.ContainsAny(script, afterwards(id)):
			everywhere = false // the channel passes it over
			if taken {
				return fmt.Sprintf("channel %d never brought the barrier", i)
			}
		case !taken:
		case at >= 0 && read[i] < at+1:
			return fmt.Sprintf("the barrier of channel %d was not there yet", i)
		case at >= 0 && p.exactlyOnce && read[i] != at+1:
			return fmt.Sprintf("of channel %d %d elements were read; the barrier is at %d", i, read[i], at)
		}
	}
	if everywhere && somewhere && !taken && (id == 2 || p.abortAt == never) {
		return "all barriers came, and there is no snapshot"
	}
	return ""
}

// afterwards is what shows that the barrier of the id will not come.
func afterwards(id int64) string {
	if id == 1 {
		return "a2b"
	}
	return "b"
}

func TestEveryOrderOfTwoChannels(t *testing.T) {
	orders := 0
	for _, first := range scripts() {
		for _, second := range scripts() {
			for abortAt := range 6 {
				orders += explore(t, true, abortAt, first, second)
				orders += explore(t, false, abortAt, first, second)
			}
			orders += explore(t, true, never, first, second)
			orders += explore(t, false, never, first, second)
		}
	}
	t.Logf("%d orders", orders)
}

func TestEveryOrderOfThreeChannels(t *testing.T) {
	some := []string{"", ".1", "1.2", "a2"}
	orders := 0
	for _, first := range some {
		for _, second := range some {
			for _, third := range some {
				orders += explore(t, true, never, first, second, third)
				orders += explore(t, false, never, first, second, third)
			}
		}
	}
	t.Logf("%d orders", orders)
}
