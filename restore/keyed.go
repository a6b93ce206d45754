package restore

import (
	"github.com/cairnstate/cairn/checkpoint"
)

// keyedTable is the keyed state of all new subtasks: those of subtask i are
// handles[start[i]:start[i+1]].
type keyedTable struct {
	start   []int32
	handles []checkpoint.KeyedStateHandle
}

func (t keyedTable) at(subtask int32) []checkpoint.KeyedStateHandle {
	if t.start == nil {
		return nil
	}
	from, to := t.start[subtask], t.start[subtask+1]
	return t.handles[from:to:to]
}

type keyedKind func(*checkpoint.OperatorSubtaskState) checkpoint.KeyedStateHandle

func managedKeyed(s *checkpoint.OperatorSubtaskState) checkpoint.KeyedStateHandle {
	return s.ManagedKeyedState
}

func rawKeyed(s *checkpoint.OperatorSubtaskState) checkpoint.KeyedStateHandle {
	return s.RawKeyedState
}

// distributeKeyed gives keyed state to the new subtasks (Flink:
// StateAssignmentOperation.reDistributeKeyedStates). old has the old subtasks by
// index.
//
// Where Flink asks of each new subtask which old handles it overlaps, this asks
// of each old handle which new subtasks own its key groups: an interval, since
// ownership is monotonic. Old subtasks are taken in order, so each new subtask
// gets its handles in the order in which Flink's scan meets them.
func distributeKeyed(old []*checkpoint.OperatorSubtaskState, kind keyedKind, maxParallelism, parallelism int32) keyedTable {
	if !anyKeyed(old, kind) {
		return keyedTable{}
	}
	if int32(len(old)) == parallelism {
		return keepKeyed(old, kind)
	}
	d := keyedDeal{maxParallelism: maxParallelism, parallelism: parallelism}
	return d.deal(old, kind)
}

func anyKeyed(old []*checkpoint.OperatorSubtaskState, kind keyedKind) bool {
	for _, s := range old {
		if s != nil && kind(s) != nil {
			return true
		}
	}
	return false
}

func keepKeyed(old []*checkpoint.OperatorSubtaskState, kind keyedKind) keyedTable {
	t := keyedTable{start: make([]int32, len(old)+1), handles: make([]checkpoint.KeyedStateHandle, 0, len(old))}
	for i, s := range old {
		if s != nil && kind(s) != nil {
			t.handles = append(t.handles, kind(s))
		}
		t.start[i+1] = int32(len(t.handles))
	}
	return t
}

type keyedDeal struct {
	maxParallelism, parallelism int32
	cuts                        cutter
}

// deal makes two passes: one counts what each subtask gets, so that the second
// can put it where it belongs.
func (d *keyedDeal) deal(old []*checkpoint.OperatorSubtaskState, kind keyedKind) keyedTable {
	t := keyedTable{start: make([]int32, d.parallelism+1)}
	d.each(old, kind, func(subtask int32, _ checkpoint.KeyedStateHandle) { t.start[subtask+1]++ })
	for i := range d.parallelism {
		t.start[i+1] += t.start[i]
	}
	total := t.start[d.parallelism]
	t.handles = make([]checkpoint.KeyedStateHandle, total)
	d.cuts.expected = int(total)
	next := make([]int32, d.parallelism)
	copy(next, t.start)
	d.each(old, kind, func(subtask int32, h checkpoint.KeyedStateHandle) {
		owned := checkpoint.KeyGroupRangeForSubtask(subtask, d.maxParallelism, d.parallelism)
		t.handles[next[subtask]] = d.cuts.cut(h, owned)
		next[subtask]++
	})
	return t
}

// each calls give for each old handle and each new subtask that shares key
// groups with it, old subtasks in order.
func (d *keyedDeal) each(old []*checkpoint.OperatorSubtaskState, kind keyedKind, give func(int32, checkpoint.KeyedStateHandle)) {
	for _, s := range old {
		if s == nil || kind(s) == nil {
			continue
		}
		h := kind(s)
		reach := keyGroupsWithState(h).Intersection(checkpoint.KeyGroups(0, d.maxParallelism-1))
		if reach.Empty() {
			continue
		}
		first := checkpoint.SubtaskForKeyGroup(reach.Start, d.maxParallelism, d.parallelism)
		last := checkpoint.SubtaskForKeyGroup(reach.Last(), d.maxParallelism, d.parallelism)
		for subtask := first; subtask <= last; subtask++ {
			if overlaps(h, checkpoint.KeyGroupRangeForSubtask(subtask, d.maxParallelism, d.parallelism)) {
				give(subtask, h)
			}
		}
	}
}
