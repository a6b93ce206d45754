package main

import (
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// Metadata has no checksum. An offset that points outside of the file is what damage
// looks like, and all files can be read from end to end all the same.
func TestOffsetsOutsideAreNo(t *testing.T) {
	for name, test := range map[string]struct {
		damage func(*checkpoint.OperatorSubtaskState) bool
		what   string
	}{
		"key group": {
			func(s *checkpoint.OperatorSubtaskState) bool {
				h, ok := fullSnapshot(s)
				if ok {
					h.Offsets[3] = h.StateSize() + 1
				}
				return ok
			}, "key group 3 begins at byte"},
		"before the file": {
			func(s *checkpoint.OperatorSubtaskState) bool {
				h, ok := fullSnapshot(s)
				if ok {
					h.Offsets[0] = -2
				}
				return ok
			}, "key group 0 begins at byte -2"},
		"materialized part of a changelog": {
			func(s *checkpoint.OperatorSubtaskState) bool {
				h, ok := fullSnapshot(s)
				if ok {
					h.Offsets[3] = 1 << 40
					s.ManagedKeyedState = &checkpoint.ChangelogStateBackendHandle{Range: h.Range, Materialized: []checkpoint.KeyedStateHandle{h}}
				}
				return ok
			}, "key group 3 begins at byte 1099511627776"},
		"partition": {
			func(s *checkpoint.OperatorSubtaskState) bool {
				if s == nil || s.ManagedOperatorState == nil || len(s.ManagedOperatorState.Partitions()) == 0 {
					return false
				}
				s.ManagedOperatorState.Partitions()[0].Offsets[0] = 1 << 40
				return true
			}, "partition 0 of"},
	} {
		t.Run(name, func(t *testing.T) {
			savepoint := copied(t, "2.3.0/hashmap-savepoint")
			damaged := 0
			rewrite(t, savepoint, func(f *metadata.File) {
				for i := range f.Operators {
					if damaged == 0 && test.damage(f.Operators[i].Subtasks[0].State) {
						damaged++
					}
				}
			})
			if damaged == 0 {
				t.Fatal("nothing was damaged")
			}
			for _, args := range [][]string{{"restore", savepoint}, {"restore", savepoint, "--parallelism", "3"}, {"restore", savepoint, "--dry-run"}} {
				got := cairn(t, args...)
				if got.code != exitNo || got.stdout != "" {
					t.Errorf("%q: %+v, want exit code %d", args, got, exitNo)
				}
				for _, says := range []string{savepoint, "subtask 0 of ", test.what, "bytes; restore another checkpoint"} {
					if !strings.Contains(got.stderr, says) {
						t.Errorf("%q: %q is missing in %s", args, says, got.stderr)
					}
				}
			}
		})
	}
}

// What begins just at the end is empty, and what Flink does not know the size of is
// compared with nothing.
func TestOffsetsAtTheEndAreYes(t *testing.T) {
	for name, change := range map[string]func(*checkpoint.KeyGroupsStateHandle){
		"at the end":      func(h *checkpoint.KeyGroupsStateHandle) { h.Offsets[len(h.Offsets)-1] = h.StateSize() },
		"nothing written": func(h *checkpoint.KeyGroupsStateHandle) { h.Offsets[0] = -1 },
		"unknown size": func(h *checkpoint.KeyGroupsStateHandle) {
			h.Delegate.(*checkpoint.RelativeFileStateHandle).Size = -1
			h.Offsets[0] = 1 << 40
		},
	} {
		t.Run(name, func(t *testing.T) {
			savepoint := copied(t, "2.3.0/hashmap-savepoint")
			changed := 0
			rewrite(t, savepoint, func(f *metadata.File) {
				for i := range f.Operators {
					for _, s := range f.Operators[i].Subtasks {
						if h, ok := fullSnapshot(s.State); ok {
							change(h)
							changed++
						}
					}
				}
			})
			if got := cairn(t, "restore", savepoint, "--parallelism", "3"); got.code != exitYes || changed == 0 {
				t.Errorf("%d changed, %+v", changed, got)
			}
		})
	}
}

func fullSnapshot(s *checkpoint.OperatorSubtaskState) (*checkpoint.KeyGroupsStateHandle, bool) {
	if s == nil {
		return nil, false
	}
	h, ok := s.ManagedKeyedState.(*checkpoint.KeyGroupsStateHandle)
	return h, ok
}
