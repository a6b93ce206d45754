package checkpoint_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
)

// TestAssignToKeyGroup has the answers of Flink's KeyGroupRangeAssignment.
func TestAssignToKeyGroup(t *testing.T) {
	tests := []struct {
		hash     int32
		keyGroup int32 // of 128
		subtasks [3]int32
	}{
		{0, 94, [3]int32{1, 2, 2}},
		{1, 86, [3]int32{1, 2, 2}},
		{2, 127, [3]int32{1, 2, 3}},
		{42, 29, [3]int32{0, 0, 0}},
		{-1, 80, [3]int32{1, 1, 2}},
		{math.MaxInt32, 62, [3]int32{0, 1, 1}},
		{math.MinInt32, 108, [3]int32{1, 2, 3}},
		{checkpoint.StringHashCode("a"), 81, [3]int32{1, 1, 2}},
		{checkpoint.StringHashCode("hello"), 35, [3]int32{0, 0, 1}},
		{checkpoint.StringHashCode("user-1"), 121, [3]int32{1, 2, 3}},
		{checkpoint.StringHashCode("user-2"), 22, [3]int32{0, 0, 0}},
		{checkpoint.StringHashCode("flink"), 98, [3]int32{1, 2, 3}},
	}
	for _, test := range tests {
		got := checkpoint.AssignToKeyGroup(test.hash, 128)
		if got != test.keyGroup {
			t.Errorf("hash %d: key group %d, want %d", test.hash, got, test.keyGroup)
		}
		for i, want := range test.subtasks {
			if subtask := checkpoint.SubtaskForKeyGroup(got, 128, int32(i+2)); subtask != want {
				t.Errorf("key group %d at parallelism %d: subtask %d, want %d", got, i+2, subtask, want)
			}
		}
	}
}

func TestStringHashCode(t *testing.T) {
	for s, want := range map[string]int32{"": 0, "a": 97, "hello": 99162322, "user-1": -836031825, "flink": 97520992, "😀": 1772899} {
		if got := checkpoint.StringHashCode(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

func TestKeyGroupRangeForSubtask(t *testing.T) {
	tests := []struct {
		groups, subtasks int32
		want             []string
	}{
		{128, 2, []string{"[0, 63]", "[64, 127]"}},
		{128, 3, []string{"[0, 42]", "[43, 85]", "[86, 127]"}},
		{128, 4, []string{"[0, 31]", "[32, 63]", "[64, 95]", "[96, 127]"}},
		{128, 5, []string{"[0, 25]", "[26, 51]", "[52, 76]", "[77, 102]", "[103, 127]"}},
		{10, 3, []string{"[0, 3]", "[4, 6]", "[7, 9]"}},
		{10, 4, []string{"[0, 2]", "[3, 4]", "[5, 7]", "[8, 9]"}},
	}
	for _, test := range tests {
		for i, want := range test.want {
			if got := checkpoint.KeyGroupRangeForSubtask(int32(i), test.groups, test.subtasks); got.String() != want {
				t.Errorf("subtask %d of %d, %d key groups: %s, want %s", i, test.subtasks, test.groups, got, want)
			}
		}
	}
}

// TestKeyGroupsAreShared: at any parallelism, the ranges follow on each other
// without gap, and hold just the key groups that find their subtask.
func TestKeyGroupsAreShared(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		groups := 1 + random.Int32N(checkpoint.UpperBoundMaxParallelism)
		subtasks := 1 + random.Int32N(groups)
		var next int32
		for subtask := range subtasks {
			r := checkpoint.KeyGroupRangeForSubtask(subtask, groups, subtasks)
			if r.Start != next || r.Empty() {
				t.Fatalf("subtask %d of %d, %d key groups: %s, want it to start at %d", subtask, subtasks, groups, r, next)
			}
			for _, keyGroup := range []int32{r.Start, r.Last()} {
				if got := checkpoint.SubtaskForKeyGroup(keyGroup, groups, subtasks); got != subtask {
					t.Fatalf("key group %d of %d at parallelism %d: subtask %d, want %d", keyGroup, groups, subtasks, got, subtask)
				}
			}
			next = r.Last() + 1
		}
		if next != groups {
			t.Fatalf("%d subtasks have %d of %d key groups", subtasks, next, groups)
		}
	}
}

func TestDefaultMaxParallelism(t *testing.T) {
	for parallelism, want := range map[int32]int32{
		1: 128, 85: 128, 86: 256, 170: 256, 171: 256, 172: 512, 341: 512, 342: 1024, 1000: 2048, 20000: 32768, 32768: 32768,
	} {
		if got := checkpoint.DefaultMaxParallelism(parallelism); got != want {
			t.Errorf("parallelism %d: %d, want %d", parallelism, got, want)
		}
	}
}
