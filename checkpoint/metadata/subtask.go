package metadata

import "github.com/cairnstate/cairn/checkpoint"

// The entry of a subtask:
//
//	i32 index                 not in version 2: if < 0, subtask -index-1 had
//	                          finished, and nothing follows
//	i64 -1                    only in version 2: once a duration
//	i32 flag, stream handle   only in version 2: legacy operator state, if flag is 1
//	i32 flag, handle          managed operator state, if flag is not 0
//	i32 flag, handle          raw operator state
//	keyed handle              managed
//	keyed handle              raw
//	channel state             not in version 2
//	u8 1, i64 checkpoint id   only in version 7; another byte for none

const (
	subtaskBytesV2 = 4 + 12 + 10
	finishedBytes  = 4
	legacyDuration = -1
)

// subtaskBytes is the least that an entry takes.
func (d *decoder) subtaskBytes() int {
	if d.version == Version2 {
		return subtaskBytesV2
	}
	return finishedBytes
}

func (d *decoder) subtask(s *checkpoint.SubtaskState, parallelism int32) {
	s.Index = d.i32()
	if s.Index < 0 && d.version > Version2 {
		s.Index, s.Finished = -s.Index-1, true
	}
	step := d.here()
	step.index, step.of = int(s.Index), 0
	if d.err == nil && (s.Index < 0 || s.Index >= parallelism) {
		d.off -= 4
		d.corrupt("there are %d subtasks, from 0 on", parallelism)
	}
	if !s.Finished {
		s.State = d.subtaskState(s.Index)
	}
}

func (e *encoder) subtask(s *checkpoint.SubtaskState, parallelism int32) {
	step := e.here()
	step.index, step.of = int(s.Index), 0
	if s.Index < 0 || s.Index >= parallelism {
		e.fail("there are %d subtasks, from 0 on", parallelism)
	}
	switch {
	case !s.Finished:
		e.i32(s.Index)
		e.subtaskState(s.State)
	case e.version == Version2 || s.State != nil:
		e.fail("the subtask had finished: version 2 cannot say so, and there can be no state beside it")
	default:
		e.i32(-s.Index - 1)
	}
}

// subtaskState reads what an entry holds; nil if it is nothing.
func (d *decoder) subtaskState(index int32) *checkpoint.OperatorSubtaskState {
	state := checkpoint.OperatorSubtaskState{
		LegacyOperatorState:  d.legacySlot(),
		ManagedOperatorState: d.operatorSlot("managed operator state"),
		RawOperatorState:     d.operatorSlot("raw operator state"),
		ManagedKeyedState:    d.keyedSlot("managed keyed state"),
		RawKeyedState:        d.keyedSlot("raw keyed state"),
	}
	if d.version > Version2 {
		state.Channels = d.channelState(index)
	}
	if state == (checkpoint.OperatorSubtaskState{}) {
		return nil
	}
	kept := d.mem.states.one(d)
	*kept = state
	return kept
}

func (e *encoder) subtaskState(state *checkpoint.OperatorSubtaskState) {
	if state == nil {
		state = &checkpoint.OperatorSubtaskState{}
	}
	e.legacySlot(state.LegacyOperatorState)
	e.operatorSlot("managed operator state", state.ManagedOperatorState)
	e.operatorSlot("raw operator state", state.RawOperatorState)
	e.keyedSlot("managed keyed state", state.ManagedKeyedState)
	e.keyedSlot("raw keyed state", state.RawKeyedState)
	if e.version > Version2 {
		e.channelState(state.Channels)
	} else if state.Channels != nil {
		e.fail("version 2 has no channel state")
	}
}

// legacySlot reads the state of Flink 1.1's Checkpointed interface, which only
// Flink 1.3 wrote into files of version 2.
func (d *decoder) legacySlot() checkpoint.StreamStateHandle {
	if d.version > Version2 {
		return nil
	}
	d.enter("legacy operator state")
	defer d.leave()
	d.i64() // duration
	switch n := d.i32(); {
	case n == 1:
		return d.delegate()
	case n > 1:
		d.off -= 4
		d.corrupt("%d handles, and there is one at most", n)
	}
	return nil
}

func (e *encoder) legacySlot(h checkpoint.StreamStateHandle) {
	switch {
	case e.version > Version2 && h != nil:
		e.fail("state of Flink's old Checkpointed interface has no place after version 2: " +
			"migrate the job with Flink 1.3 and take a new savepoint")
	case e.version == Version2 && h != nil:
		e.i64(legacyDuration)
		e.i32(1)
		e.stream(h)
	case e.version == Version2:
		e.i64(legacyDuration)
		e.i32(0)
	}
}

func (d *decoder) operatorSlot(what string) checkpoint.OperatorStateHandle {
	if d.i32() == 0 {
		return nil
	}
	d.enter(what)
	h := d.operatorHandle()
	d.leave()
	return h
}

func (e *encoder) operatorSlot(what string, h checkpoint.OperatorStateHandle) {
	if h == nil {
		e.i32(0)
		return
	}
	e.enter(what)
	e.i32(1)
	e.operatorHandle(h)
	e.leave()
}

func (d *decoder) keyedSlot(what string) checkpoint.KeyedStateHandle {
	d.enter(what)
	h := d.keyed()
	d.leave()
	return h
}

func (e *encoder) keyedSlot(what string, h checkpoint.KeyedStateHandle) {
	e.enter(what)
	e.keyed(h)
	e.leave()
}
