package operator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/task"
)

// steps does one thing at a time, in an order that a seed decides, or the order of
// asking if there is none.
type steps struct {
	work.Blocking // nothing here waits
	random        *rand.Rand
	later         []func()
}

func (s *steps) Go(f func()) { s.later = append(s.later, f) }

// step does something that is there to be done, and reports whether there was.
func (s *steps) step() bool {
	if len(s.later) == 0 {
		return false
	}
	i := 0
	if s.random != nil {
		i = s.random.IntN(len(s.later))
	}
	f := s.later[i]
	s.later = slices.Delete(s.later, i, i+1)
	f()
	return true
}

// flaw is a rule that somebody breaks.
type flaw string

const (
	none           flaw = ""
	opensEarly     flaw = "the valves open when the barriers are sent"
	confirmsEarly  flaw = "an event is confirmed before it has arrived"
	doesNotSeal    flaw = "the coordinator does not say of which moment its state is"
	asksInVain     flaw = "a checkpoint is asked for that was given up"
	isNotResettled flaw = "a subtask that goes back is not given again what it forgot"
)

// dealer deals out numbers, each to one subtask. What it has dealt is not in its state
// any more: it is in theirs.
type dealer struct {
	flaw  flaw
	ready map[int32]*operator.Subtask
	next  int
	back  []int             // came back, and will be dealt again
	dealt map[int32][]dealt // since the last complete checkpoint
}

// dealt is a number that a subtask has, and the first checkpoint that it has it in; 0 if
// there is none yet.
type dealt struct {
	number int
	in     int64
}

type dealerState struct {
	Next int
	Back []int
}

func newDealer(f flaw) *dealer {
	return &dealer{flaw: f, ready: make(map[int32]*operator.Subtask), dealt: make(map[int32][]dealt)}
}

// deal gives one number to a subtask, if that runs.
func (d *dealer) deal(subtask int32) {
	s, runs := d.ready[subtask]
	if !runs {
		return
	}
	number := d.next
	if len(d.back) > 0 {
		number = d.back[0]
	}
	if s.SendEvent(fmt.Append(nil, number)) != nil {
		return
	}
	if len(d.back) > 0 {
		d.back = slices.Clone(d.back[1:])
	} else {
		d.next++
	}
	d.dealt[subtask] = append(d.dealt[subtask], dealt{number: number})
}

func (d *dealer) Start(context.Context) error               { return nil }
func (d *dealer) Close() error                              { return nil }
func (d *dealer) SubtaskReady(s *operator.Subtask)          { d.ready[s.Index()] = s }
func (d *dealer) SubtaskFailed(subtask int32, _ error)      { delete(d.ready, subtask) }
func (d *dealer) NotifyCheckpointAborted(int64)             {}
func (d *dealer) HandleEvent(subtask int32, _ []byte) error { d.deal(subtask); return nil }

// Checkpoint deals on as soon as it has sealed its state, as goroutines of its own
// would.
func (d *dealer) Checkpoint(_ context.Context, id int64, seal func()) ([]byte, error) {
	state, err := json.Marshal(dealerState{d.next, d.back})
	for subtask := range d.dealt {
		for i := range d.dealt[subtask] {
			if one := &d.dealt[subtask][i]; one.in == 0 {
				one.in = id
			}
		}
	}
	if d.flaw != doesNotSeal {
		seal()
	}
	d.deal(0)
	return state, err
}

func (d *dealer) NotifyCheckpointComplete(id int64) {
	for subtask, all := range d.dealt {
		d.dealt[subtask] = slices.DeleteFunc(all, func(one dealt) bool { return one.in != 0 && one.in <= id })
	}
}

func (d *dealer) SubtaskReset(subtask int32, id int64) {
	for _, one := range d.dealt[subtask] {
		if one.in == 0 || one.in > id {
			d.back = append(slices.Clip(d.back), one.number)
		}
	}
	d.dealt[subtask] = nil
	if d.flaw == isNotResettled {
		d.back = nil
	}
}

func (d *dealer) ResetToCheckpoint(_ context.Context, _ int64, state []byte) error {
	var s dealerState
	if state != nil {
		if err := json.Unmarshal(state, &s); err != nil {
			return err
		}
	}
	d.ready, d.dealt = make(map[int32]*operator.Subtask), make(map[int32][]dealt)
	d.next, d.back = s.Next, s.Back
	return nil
}

// player is an attempt of a subtask, which holds the numbers that it was dealt.
type player struct {
	attempt task.ExecutionAttempt
	world   *world
	numbers []int
}

func (p *player) SendOperatorEvent(_ context.Context, _ checkpoint.OperatorID, event []byte) error {
	arrive := func() {
		var number int
		_, _ = fmt.Sscan(string(event), &number)
		p.numbers = append(p.numbers, number)
	}
	if p.world.flaw == confirmsEarly {
		p.world.steps.Go(arrive)
	} else {
		arrive()
	}
	return nil
}
