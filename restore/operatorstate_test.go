package restore

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
)

const (
	split     = checkpoint.SplitDistribute
	union     = checkpoint.Union
	broadcast = checkpoint.Broadcast
)

// managed returns old subtasks with operator state, by index; nil has none.
func managed(handles ...checkpoint.OperatorStateHandle) []*checkpoint.OperatorSubtaskState {
	old := make([]*checkpoint.OperatorSubtaskState, len(handles))
	for i, h := range handles {
		if h != nil {
			old[i] = &checkpoint.OperatorSubtaskState{ManagedOperatorState: h}
		}
	}
	return old
}

// splitOf returns one split state over subtasks, with so many elements in each. An
// element's offset is subtask*1000 + index.
func splitOf(counts ...int) []*checkpoint.OperatorSubtaskState {
	var handles []checkpoint.OperatorStateHandle
	for i, n := range counts {
		handles = append(handles, lists(stateFile("s%d", i), list("x", split, offsets(i, n)...)))
	}
	return managed(handles...)
}

func printTable(table operatorTable, parallelism int32) []string {
	var lines []string
	for i := range parallelism {
		lines = append(lines, printHandles(table.at(i)))
	}
	return lines
}

func TestSplitDistribute(t *testing.T) {
	for name, test := range map[string]struct {
		old         []*checkpoint.OperatorSubtaskState
		parallelism int32
		want        []string
	}{
		"3,2,1 to 2": {splitOf(3, 2, 1), 2, []string{"s0{x:0 1 2}", "s1{x:1000 1001}; s2{x:2000}"}},
		"3,2 to 3":   {splitOf(3, 2), 3, []string{"s0{x:0 1}", "s0{x:2}; s1{x:1000}", "s1{x:1001}"}},
		"1,1 to 5":   {splitOf(1, 1), 5, []string{"s0{x:0}", "s1{x:1000}", "", "", ""}},
		"5,5 to 3": {splitOf(5, 5), 3, []string{
			"s0{x:0 1 2 3}", "s0{x:4}; s1{x:1000 1001}", "s1{x:1002 1003 1004}",
		}},
		"nothing to 2": {splitOf(0, 0, 0), 2, []string{"", ""}},
		// Flink takes an empty part along when it comes by, and never comes by
		// those behind the last element.
		"0,2,0,1,0 to 2": {splitOf(0, 2, 0, 1, 0), 2, []string{"s0{x:}; s1{x:1000 1001}", "s2{x:}; s3{x:3000}"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := printTable(distributeOperator(test.old, managedOperator, test.parallelism), test.parallelism)
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%q, want\n%q", got, test.want)
			}
		})
	}
}

// Each name begins where the odd elements of the one before ran out.
func TestSplitDistributeRotates(t *testing.T) {
	old := managed(
		lists(stateFile("s0"), list("a", split, 0, 1), list("b", split, 10), list("c", split, 20, 21, 22)),
		lists(stateFile("s1"), list("a", split, 100, 101), list("b", split, 110, 111, 112), list("c", split, 120, 121, 122)),
	)
	got := printTable(distributeOperator(old, managedOperator, 3), 3)
	want := []string{
		"s0{a:0 1, c:22}; s1{b:112, c:120}",
		"s0{b:10}; s1{a:100, b:110, c:121 122}",
		"s0{c:20 21}; s1{a:101, b:111}",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

// The names rotate in the order of a Java map: op-state-3 before op-state-2.
func TestSplitDistributeRotatesAsJava(t *testing.T) {
	old := managed(lists(stateFile("s0"), list("op-state-1", split, 1), list("op-state-2", split, 2), list("op-state-3", split, 3)), nil)
	got := printTable(distributeOperator(old, managedOperator, 3), 3)
	want := []string{"s0{op-state-1:1}", "s0{op-state-3:3}", "s0{op-state-2:2}"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

func TestUnion(t *testing.T) {
	old := managed(
		lists(stateFile("s0"), list("u", union, 0), list("x", split, 1, 2)),
		nil,
		lists(stateFile("s2"), list("u", union, 200, 201), list("v", union)),
	)
	t.Run("rescaled", func(t *testing.T) {
		got := printTable(distributeOperator(old, managedOperator, 2), 2)
		want := []string{
			"s0{x:1, u:0}; s2{u:200 201, v:}",
			"s0{x:2, u:0}; s2{u:200 201, v:}",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%q, want\n%q", got, want)
		}
	})
	t.Run("same parallelism", func(t *testing.T) {
		table := distributeOperator(old, managedOperator, 3)
		got := printTable(table, 3)
		want := []string{
			"s0{u:0, x:1 2}; s2{u:200 201, v:}",
			"s0{u:0}; s2{u:200 201, v:}",
			"s0{u:0}; s2{u:200 201, v:}",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%q, want\n%q", got, want)
		}
		if own := table.at(0).Slice()[0]; own != old[0].ManagedOperatorState {
			t.Error("a subtask's own handle was made anew")
		}
	})
}

func TestBroadcast(t *testing.T) {
	three := managed(
		lists(stateFile("s0"), list("b", broadcast, 0)),
		lists(stateFile("s1"), list("b", broadcast, 1)),
		lists(stateFile("s2"), list("b", broadcast, 2)),
	)
	finished := managed(
		lists(stateFile("s0"), list("b", broadcast, 0)),
		nil,
		lists(stateFile("s2"), list("b", broadcast, 2)),
		lists(stateFile("s3"), list("b", broadcast, 3)),
	)
	for name, test := range map[string]struct {
		old         []*checkpoint.OperatorSubtaskState
		parallelism int32
		want        []string
	}{
		"3 to 5": {three, 5, []string{"s0{b:0}", "s1{b:1}", "s2{b:2}", "s0{b:0}", "s1{b:1}"}},
		"3 to 2": {three, 2, []string{"s0{b:0}", "s1{b:1}"}},
		"3 to 3": {three, 3, []string{"s0{b:0}", "s1{b:1}", "s2{b:2}"}},
		"4 to 4, one had finished": {finished, 4, []string{
			"s0{b:0}", "s2{b:2}", "s2{b:2}; s3{b:3}", "s0{b:0}; s3{b:3}",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := printTable(distributeOperator(test.old, managedOperator, test.parallelism), test.parallelism)
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%q, want\n%q", got, test.want)
			}
		})
	}
}

// At the same parallelism state stays where it is, handle by handle.
func TestOperatorStateIsKept(t *testing.T) {
	merged := &checkpoint.FileMergingOperatorStreamStateHandle{
		States: []checkpoint.OperatorStatePartitions{list("x", split, 1), list("b", broadcast, 2)}, Delegate: stateFile("seg"),
	}
	old := managed(merged, lists(stateFile("s1"), list("x", split), list("b", broadcast, 3)))
	table := distributeOperator(old, managedOperator, 2)
	for i, s := range old {
		if got := table.at(int32(i)).Slice(); len(got) != 1 || got[0] != s.ManagedOperatorState {
			t.Errorf("subtask %d got %v", i, got)
		}
	}
	null := managed(&checkpoint.NullOperatorStateHandle{}, nil)
	if got := distributeOperator(null, managedOperator, 2); got.start != nil {
		t.Errorf("a null handle is state: %+v", got)
	}
}

// naiveRedistribute follows the text of the rules for unequal parallelism, one
// element at a time, and makes no attempt to be quick.
func naiveRedistribute(old []*checkpoint.OperatorSubtaskState, order []string, parallelism int) []map[string][]int64 {
	got := make([]map[string][]int64, parallelism)
	for i := range got {
		got[i] = map[string][]int64{}
	}
	give := func(to int, file, name string, offsets ...int64) {
		key := file + "/" + name
		got[to][key] = append(got[to][key], offsets...)
	}
	start := 0
	for _, name := range order {
		type element struct {
			file   string
			offset int64
		}
		var elements []element
		for _, s := range old {
			for _, meta := range s.ManagedOperatorState.Partitions() {
				for _, offset := range meta.Offsets {
					if meta.Name == name && meta.Mode == split {
						elements = append(elements, element{pathOf(s.ManagedOperatorState.DelegateState()), offset})
					}
				}
			}
		}
		odd := len(elements) % parallelism
		for i := range parallelism {
			n := len(elements) / parallelism
			if i < odd {
				n++
			}
			rest := (len(elements) - len(elements)%parallelism) / parallelism
			begin := i*rest + min(i, odd)
			for _, e := range elements[begin : begin+n] {
				give((start+i)%parallelism, e.file, name, e.offset)
			}
		}
		start = (start + odd) % parallelism
	}
	for i := range parallelism {
		broadcasts := map[string][]int{}
		for k, s := range old {
			for _, meta := range s.ManagedOperatorState.Partitions() {
				switch meta.Mode {
				case union:
					give(i, pathOf(s.ManagedOperatorState.DelegateState()), meta.Name, meta.Offsets...)
				case broadcast:
					broadcasts[meta.Name] = append(broadcasts[meta.Name], k)
				}
			}
		}
		for name, reporters := range broadcasts {
			h := old[reporters[i%len(reporters)]].ManagedOperatorState
			for _, meta := range h.Partitions() {
				if meta.Name == name {
					give(i, pathOf(h.DelegateState()), name, meta.Offsets...)
				}
			}
		}
	}
	return got
}

func TestRedistributeAsDefined(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		oldParallelism, parallelism := 1+r.IntN(9), 1+r.IntN(9)
		if oldParallelism == parallelism {
			continue
		}
		var handles []checkpoint.OperatorStateHandle
		for i := range oldParallelism {
			h := lists(stateFile("s%d", i))
			for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
				if r.IntN(3) > 0 {
					// Parts of split state have elements here; what becomes of
					// empty ones is for TestSplitDistribute.
					mode := checkpoint.OperatorStateMode(name[0] % 3)
					h.States = append(h.States, list(name, mode, offsets(i, 1+r.IntN(4))...))
				}
			}
			handles = append(handles, h)
		}
		old := managed(handles...)
		order := collectOperator(old, managedOperator).byMode[split].names
		order = javaComputeOrder(order)
		want := naiveRedistribute(old, order, parallelism)
		table := distributeOperator(old, managedOperator, int32(parallelism))
		for i := range parallelism {
			got := map[string][]int64{}
			files := 0
			for h := range table.at(int32(i)).All() {
				files++
				for _, meta := range h.Partitions() {
					got[pathOf(h.DelegateState())+"/"+meta.Name] = meta.Offsets
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want[i]) {
				t.Fatalf("%d to %d, subtask %d: got\n%v, want\n%v", oldParallelism, parallelism, i, got, want[i])
			}
			if n := table.at(int32(i)).Len(); n != files {
				t.Fatalf("Len is %d for %d handles", n, files)
			}
		}
	}
}

// Union state is one list for all: its memory does not grow with the number of
// new subtasks.
func TestUnionIsShared(t *testing.T) {
	var handles []checkpoint.OperatorStateHandle
	for i := range 50 {
		handles = append(handles, lists(stateFile("s%d", i), list("u", union, offsets(i, 20)...)))
	}
	for _, parallelism := range []int32{50, 70} {
		table := distributeOperator(managed(handles...), managedOperator, parallelism)
		if got := len(table.shared); got != 50 {
			t.Errorf("to %d: %d shared handles, want 50", parallelism, got)
		}
		if got := len(table.own); got > 50 {
			t.Errorf("to %d: %d handles of one subtask alone", parallelism, got)
		}
		for i := range parallelism {
			if got := table.at(i).Slice(); !slices.Equal(got, handles) {
				t.Fatalf("to %d: subtask %d got %d handles, not those that there are", parallelism, i, len(got))
			}
		}
	}
}

// Flink tells files apart by name only, and keeps the last of equal ones.
func TestEqualFilesAreOne(t *testing.T) {
	old := managed(
		lists(&checkpoint.ByteStreamStateHandle{HandleName: "same"}, list("u", union, 1)),
		lists(&checkpoint.ByteStreamStateHandle{HandleName: "same"}, list("u", union, 2), list("u", union, 3)),
	)
	for _, parallelism := range []int32{2, 3} {
		for i, got := range printTable(distributeOperator(old, managedOperator, parallelism), parallelism) {
			if !strings.HasSuffix(got, "{u:3}") || strings.Contains(got, ";") {
				t.Errorf("to %d, subtask %d: %s", parallelism, i, got)
			}
		}
	}
}

func TestIdentify(t *testing.T) {
	distinct := []checkpoint.StreamStateHandle{
		nil,
		&checkpoint.ByteStreamStateHandle{HandleName: "a"},
		&checkpoint.FileStateHandle{Path: "a"},
		&checkpoint.RelativeFileStateHandle{RelativePath: "a"},
		&checkpoint.SegmentFileStateHandle{PhysicalPath: "a"},
		&checkpoint.SegmentFileStateHandle{PhysicalPath: "a", StartPos: 1},
		&checkpoint.SegmentFileStateHandle{PhysicalPath: "a", LogicalFileID: "x"},
		&checkpoint.EmptySegmentFileStateHandle{},
		&checkpoint.KeyGroupsStateHandle{},
	}
	for i, a := range distinct {
		for k, b := range distinct {
			if (identify(a) == identify(b)) != (i == k) {
				t.Errorf("%#v and %#v: identified wrongly", a, b)
			}
		}
	}
	if identify(&checkpoint.FileStateHandle{Path: "a", Size: 1}) != identify(&checkpoint.FileStateHandle{Path: "a", Size: 2}) {
		t.Error("the size of a file is taken for its identity")
	}
}
