package restore

import (
	"cmp"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// put is a part of a named state that a new subtask gets for itself.
type put struct {
	subtask int32
	part
}

// redistribute gives the state to another number of subtasks.
func (c *collected) redistribute(parallelism int32) operatorTable {
	shared := c.shareUnion()
	puts := c.broadcast(c.split(nil, parallelism), parallelism, anyBroadcast)
	return c.table(shared, puts, parallelism, nil)
}

// complete leaves each subtask what it has, and adds union state of the others
// and broadcast state that subtasks lack because they had finished.
//
// State is not dealt out anew at the same parallelism: that would move it between
// subtasks, and break failover of a part of the job (FLINK-11618).
func (c *collected) complete(old []*checkpoint.OperatorSubtaskState, kind operatorKind) operatorTable {
	shared := c.shareUnion()
	puts := c.broadcast(nil, int32(len(old)), func(s *namedState) bool { return s.reporters < len(old) })
	return c.table(shared, puts, int32(len(old)), func(subtask int32) checkpoint.OperatorStateHandle {
		if old[subtask] == nil {
			return nil
		}
		return kind(old[subtask])
	})
}

// split deals out SPLIT_DISTRIBUTE state, name after name. Each name begins with
// the subtask at which the one before ran out of odd elements, so that the odd
// ones do not all go to the first subtasks.
func (c *collected) split(puts []put, parallelism int32) []put {
	states := &c.byMode[checkpoint.SplitDistribute]
	start := int32(0)
	for _, name := range javaComputeOrder(states.names) {
		puts, start = states.states[name].deal(puts, parallelism, start)
	}
	return puts
}

// deal deals out one named state beginning with subtask start, and returns where
// the next one begins.
func (s *namedState) deal(puts []put, parallelism, start int32) ([]put, int32) {
	total := 0
	for i := range s.parts {
		total += len(s.parts[i].meta.Offsets)
	}
	share, odd := total/int(parallelism), int32(total%int(parallelism))
	next := (start + odd) % parallelism
	current, offset := 0, 0
	for i := range parallelism {
		subtask := (start + i) % parallelism
		want := share
		if i < odd {
			want++
		}
		for want > 0 {
			// A part without elements that is met on the way goes along, empty:
			// Flink does so too.
			p := s.parts[current]
			take := min(want, len(p.meta.Offsets)-offset)
			p.meta.Offsets = p.meta.Offsets[offset : offset+take : offset+take]
			puts = append(puts, put{subtask, p})
			want -= take
			if offset += take; offset == len(s.parts[current].meta.Offsets) {
				current, offset = current+1, 0
			}
		}
	}
	return puts, next
}

func anyBroadcast(*namedState) bool { return true }

// broadcast gives each subtask one copy of each broadcast state.
func (c *collected) broadcast(puts []put, parallelism int32, which func(*namedState) bool) []put {
	states := &c.byMode[checkpoint.Broadcast]
	for _, name := range states.names {
		state := states.states[name]
		if !which(state) {
			continue
		}
		for i := range parallelism {
			puts = append(puts, put{i, state.parts[int(i)%len(state.parts)]})
		}
	}
	return puts
}

// shareUnion returns the union state of each file, which all subtasks get; nil
// if there is none.
func (c *collected) shareUnion() []checkpoint.OperatorStateHandle {
	states := &c.byMode[checkpoint.Union]
	if len(states.names) == 0 {
		return nil
	}
	metas := make([][]checkpoint.OperatorStatePartitions, len(c.files))
	for _, name := range states.names {
		for _, p := range states.states[name].parts {
			metas[p.file] = setName(metas[p.file], p.meta)
		}
	}
	shared := make([]checkpoint.OperatorStateHandle, len(c.files))
	for i := range metas {
		if metas[i] != nil {
			shared[i] = c.files[i].with(metas[i])
		}
	}
	return shared
}

// with returns a handle on the file with these states: the one that is there if
// it has just these.
func (f *file) with(metas []checkpoint.OperatorStatePartitions) checkpoint.OperatorStateHandle {
	if h, plain := f.handle.(*checkpoint.OperatorStreamStateHandle); plain && !f.clashes && len(metas) == len(h.States) &&
		slices.EqualFunc(metas, h.States, sameState) {
		return h
	}
	return &checkpoint.OperatorStreamStateHandle{States: metas, Delegate: f.delegate}
}

// sameState reports whether a is b, and not a part of it.
func sameState(a, b checkpoint.OperatorStatePartitions) bool {
	return a.Name == b.Name && a.Mode == b.Mode && len(a.Offsets) == len(b.Offsets)
}

// setName adds a state, in place of one of the same name.
func setName(metas []checkpoint.OperatorStatePartitions, meta checkpoint.OperatorStatePartitions) []checkpoint.OperatorStatePartitions {
	for i := range metas {
		if metas[i].Name == meta.Name {
			metas[i] = meta
			return metas
		}
	}
	return append(metas, meta)
}

// table makes one handle for each subtask and file from what the subtask gets
// for itself. own is what it has already at the same parallelism, or nil.
func (c *collected) table(shared []checkpoint.OperatorStateHandle, puts []put, parallelism int32,
	own func(int32) checkpoint.OperatorStateHandle) operatorTable {
	t := operatorTable{shared: shared, start: make([]int32, parallelism+1)}
	for _, h := range shared {
		if h != nil {
			t.count++
		}
	}
	slices.SortStableFunc(puts, func(a, b put) int { return cmp.Compare(a.subtask, b.subtask) })
	for subtask := range parallelism {
		n := 0
		for n < len(puts) && puts[n].subtask == subtask {
			n++
		}
		var has checkpoint.OperatorStateHandle
		if own != nil {
			has = own(subtask)
		}
		t.own = c.merge(t.own, shared, has, puts[:n])
		puts = puts[n:]
		t.start[subtask+1] = int32(len(t.own))
	}
	return t
}

// merge appends the handles of one subtask, by file.
func (c *collected) merge(to []ownHandle, shared []checkpoint.OperatorStateHandle, has checkpoint.OperatorStateHandle, puts []put) []ownHandle {
	slices.SortStableFunc(puts, func(a, b put) int { return cmp.Compare(a.file, b.file) })
	at := int32(-1)
	if has != nil {
		at = c.position[identify(has.DelegateState())]
	}
	for len(puts) > 0 || at >= 0 {
		file := at
		if len(puts) > 0 && (at < 0 || puts[0].file < at) {
			file = puts[0].file
		}
		n := 0
		for n < len(puts) && puts[n].file == file {
			n++
		}
		var base checkpoint.OperatorStateHandle
		if file == at {
			base, at = has, -1
		}
		to = append(to, c.own(file, base, shared, puts[:n]))
		puts = puts[n:]
	}
	return to
}

// own makes the handle that a subtask has for itself on a file: what it had, what
// is dealt to it, and what is shared, for it stands in place of that.
func (c *collected) own(file int32, base checkpoint.OperatorStateHandle, shared []checkpoint.OperatorStateHandle, puts []put) ownHandle {
	own := ownHandle{file: file, instead: shared != nil && shared[file] != nil}
	if base != nil && !c.files[file].clashes {
		// What would be added to a subtask's own file is in it already.
		own.handle = base
		return own
	}
	metas := make([]checkpoint.OperatorStatePartitions, 0, len(puts))
	if base != nil {
		metas = append(metas, lastOfEachName(base.Partitions())...)
	}
	for i := range puts {
		if puts[i].meta.Mode == checkpoint.SplitDistribute {
			metas = setName(metas, puts[i].meta)
		}
	}
	if own.instead {
		for _, meta := range shared[file].Partitions() {
			metas = setName(metas, meta)
		}
	}
	for i := range puts {
		if puts[i].meta.Mode == checkpoint.Broadcast {
			metas = setName(metas, puts[i].meta)
		}
	}
	own.handle = c.files[file].with(metas)
	return own
}
