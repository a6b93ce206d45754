package restore

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
)

func TestDistributeKeyed(t *testing.T) {
	for name, test := range map[string]struct {
		old, parallelism int32
		want             []string
	}{
		"3 to 2": {3, 2, []string{
			"[0, 42]@kg-0-42 [43, 63]@kg-43-85",
			"[64, 85]@kg-43-85 [86, 127]@kg-86-127",
		}},
		"2 to 3": {2, 3, []string{
			"[0, 42]@kg-0-63",
			"[43, 63]@kg-0-63 [64, 85]@kg-64-127",
			"[86, 127]@kg-64-127",
		}},
		"2 to 2": {2, 2, []string{"[0, 63]@kg-0-63", "[64, 127]@kg-64-127"}},
		"2 to 1": {2, 1, []string{"[0, 63]@kg-0-63 [64, 127]@kg-64-127"}},
	} {
		t.Run(name, func(t *testing.T) {
			table := distributeKeyed(old(keyed("k", test.old, 128)), managedKeyed, 128, test.parallelism)
			var got []string
			for i := range test.parallelism {
				got = append(got, printKeyed(table.at(i)))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%q, want\n%q", got, test.want)
			}
		})
	}
}

// Cut handles keep the offsets of their key groups, and share them.
func TestCutKeepsOffsets(t *testing.T) {
	h := keyGroups(43, 85)
	cut := Intersect(h, checkpoint.KeyGroups(60, 200)).(*checkpoint.KeyGroupsStateHandle)
	if diff := cmp.Diff([]int64{600, 610}, cut.Offsets[:2]); diff != "" || len(cut.Offsets) != 26 {
		t.Errorf("%d offsets, the first (-want +got):\n%s", len(cut.Offsets), diff)
	}
	if &cut.Offsets[0] != &h.Offsets[17] {
		t.Error("offsets were copied")
	}
	if cap(cut.Offsets) != len(cut.Offsets) {
		t.Error("appending to the offsets of one subtask would change those of another")
	}
}

func TestIntersect(t *testing.T) {
	full := keyGroups(0, 9)
	savepoint := &checkpoint.KeyGroupsStateHandle{
		Encoding: checkpoint.KeyGroupsSavepoint, Range: checkpoint.KeyGroups(0, 1), Offsets: []int64{5, 6},
	}
	incremental := &checkpoint.IncrementalRemoteKeyedStateHandle{Range: checkpoint.KeyGroups(0, 9), HandleID: "i"}
	memory := &checkpoint.InMemoryChangelogStateHandle{Range: checkpoint.KeyGroups(0, 9), Changes: []checkpoint.StateChange{
		{KeyGroup: -1}, {KeyGroup: 2}, {KeyGroup: 7},
	}}
	files := &checkpoint.ChangelogFileStateHandle{
		Range: checkpoint.KeyGroups(0, 9), Size: 10, CheckpointedSize: 5, HandleID: "f", StorageIdentifier: "filesystem",
		Parts: []checkpoint.HandleAndOffset{{Offset: 3, Handle: stateFile("log")}},
	}
	changelog := &checkpoint.ChangelogStateBackendHandle{
		Range: checkpoint.KeyGroups(0, 9), CheckpointID: 3, MaterializationID: 2, CheckpointedSize: 9, HandleID: "c",
		Materialized:    []checkpoint.KeyedStateHandle{full, keyGroups(8, 9)},
		NonMaterialized: []checkpoint.KeyedStateHandle{memory, files},
	}
	cutFiles := *files
	cutFiles.Range, cutFiles.Size, cutFiles.CheckpointedSize, cutFiles.HandleID = checkpoint.KeyGroups(3, 5), 0, 0, ""
	for name, test := range map[string]struct {
		handle checkpoint.KeyedStateHandle
		with   checkpoint.KeyGroupRange
		want   checkpoint.KeyedStateHandle
	}{
		"nothing":                        {nil, checkpoint.KeyGroups(0, 9), nil},
		"empty range":                    {full, checkpoint.KeyGroupRange{}, nil},
		"full, beside":                   {full, checkpoint.KeyGroups(10, 20), nil},
		"full, all":                      {full, checkpoint.KeyGroups(0, 20), full},
		"full, a part":                   {full, checkpoint.KeyGroups(9, 20), &checkpoint.KeyGroupsStateHandle{Range: checkpoint.KeyGroups(9, 9), Offsets: []int64{90}, Delegate: full.Delegate, HandleID: "full-0"}},
		"savepoint stays one":            {savepoint, checkpoint.KeyGroups(1, 1), &checkpoint.KeyGroupsStateHandle{Encoding: checkpoint.KeyGroupsSavepoint, Range: checkpoint.KeyGroups(1, 1), Offsets: []int64{6}}},
		"incremental is given whole":     {incremental, checkpoint.KeyGroups(9, 20), incremental},
		"incremental, beside":            {incremental, checkpoint.KeyGroups(10, 20), nil},
		"memory with a change there":     {memory, checkpoint.KeyGroups(7, 20), memory},
		"memory without":                 {memory, checkpoint.KeyGroups(3, 6), nil},
		"files get the range, lose size": {files, checkpoint.KeyGroups(3, 5), &cutFiles},
		"files, beside":                  {files, checkpoint.KeyGroups(10, 20), nil},
		"changelog cuts its parts": {changelog, checkpoint.KeyGroups(3, 5), &checkpoint.ChangelogStateBackendHandle{
			Range: checkpoint.KeyGroups(3, 5), CheckpointID: 3, MaterializationID: 2, CheckpointedSize: 9,
			Materialized: []checkpoint.KeyedStateHandle{&checkpoint.KeyGroupsStateHandle{
				Range: checkpoint.KeyGroups(3, 5), Offsets: []int64{30, 40, 50}, Delegate: full.Delegate, HandleID: "full-0",
			}},
			NonMaterialized: []checkpoint.KeyedStateHandle{&cutFiles},
		}},
		"changelog, beside": {changelog, checkpoint.KeyGroups(10, 20), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Intersect(test.handle, test.with)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// naiveKeyed is the definition: each new subtask asks each old handle.
func naiveKeyed(old []*checkpoint.OperatorSubtaskState, maxParallelism, parallelism int32) [][]checkpoint.KeyedStateHandle {
	got := make([][]checkpoint.KeyedStateHandle, parallelism)
	for i := range parallelism {
		for _, s := range old {
			if s == nil {
				continue
			}
			if cut := Intersect(s.ManagedKeyedState, checkpoint.KeyGroupRangeForSubtask(i, maxParallelism, parallelism)); cut != nil {
				got[i] = append(got[i], cut)
			}
		}
	}
	return got
}

// randomKeyed returns any kind of keyed state over any range, also ones that
// reach beyond the subtask's own, or beyond the key groups there are.
func randomKeyed(r *rand.Rand, owned checkpoint.KeyGroupRange, maxParallelism int32) checkpoint.KeyedStateHandle {
	if r.IntN(4) == 0 {
		first := r.Int32N(maxParallelism + 5)
		owned = checkpoint.KeyGroups(first, first+r.Int32N(maxParallelism)-1)
	}
	switch r.IntN(5) {
	case 0:
		return &checkpoint.IncrementalRemoteKeyedStateHandle{Range: owned}
	case 1:
		h := &checkpoint.InMemoryChangelogStateHandle{Range: owned}
		for range r.IntN(4) {
			h.Changes = append(h.Changes, checkpoint.StateChange{KeyGroup: r.Int32N(maxParallelism+2) - 1})
		}
		return h
	case 2:
		return &checkpoint.ChangelogFileStateHandle{Range: owned, Size: 7}
	case 3:
		return &checkpoint.ChangelogStateBackendHandle{
			Range:        owned,
			Materialized: []checkpoint.KeyedStateHandle{keyGroups(owned.Start, owned.Last())},
		}
	}
	return keyGroups(owned.Start, owned.Last())
}

func TestDistributeKeyedAsDefined(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		maxParallelism := 1 + r.Int32N(40)
		oldParallelism, parallelism := 1+r.Int32N(maxParallelism), 1+r.Int32N(maxParallelism)
		if oldParallelism == parallelism {
			continue
		}
		op := operator("k", oldParallelism, maxParallelism, func(i int32) *checkpoint.OperatorSubtaskState {
			if r.IntN(5) == 0 {
				return nil
			}
			owned := checkpoint.KeyGroupRangeForSubtask(i, maxParallelism, oldParallelism)
			return &checkpoint.OperatorSubtaskState{ManagedKeyedState: randomKeyed(r, owned, maxParallelism)}
		})
		want := naiveKeyed(old(op), maxParallelism, parallelism)
		table := distributeKeyed(old(op), managedKeyed, maxParallelism, parallelism)
		for i := range parallelism {
			got := table.at(i)
			if len(got) == 0 && len(want[i]) == 0 {
				continue
			}
			if diff := cmp.Diff(want[i], got); diff != "" {
				t.Fatalf("%d to %d of %d, subtask %d (-want +got):\n%s", oldParallelism, parallelism, maxParallelism, i, diff)
			}
		}
	}
}

// Each key group, with its own offset, is in exactly one new subtask: the owner.
func TestEveryKeyGroupOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		maxParallelism := 1 + r.Int32N(300)
		oldParallelism, parallelism := 1+r.Int32N(maxParallelism), 1+r.Int32N(maxParallelism)
		table := distributeKeyed(old(keyed("k", oldParallelism, maxParallelism)), managedKeyed, maxParallelism, parallelism)
		next := int32(0)
		for i := range parallelism {
			for _, h := range table.at(i) {
				full := h.(*checkpoint.KeyGroupsStateHandle)
				for k, offset := range full.Offsets {
					keyGroup := full.Range.Start + int32(k)
					if keyGroup != next || offset != int64(keyGroup)*10 || checkpoint.SubtaskForKeyGroup(keyGroup, maxParallelism, parallelism) != i {
						t.Fatalf("%d to %d of %d: subtask %d has key group %d at %d, want %d",
							oldParallelism, parallelism, maxParallelism, i, keyGroup, offset, next)
					}
					next++
				}
			}
		}
		if next != maxParallelism {
			t.Fatalf("%d to %d of %d: %d key groups given out", oldParallelism, parallelism, maxParallelism, next)
		}
	}
}
