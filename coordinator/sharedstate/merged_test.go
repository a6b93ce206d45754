package sharedstate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

func TestDirectoriesOfMergedFiles(t *testing.T) {
	r := registry(t, owned(1, merged("/job/taskowned/tm1", "/job/shared/s0")), owned(2, merged("/job/taskowned/tm2", "/job/shared/s0")))
	want := []sharedstate.Deletion{{Path: "/job/taskowned/tm1", Directory: true}}
	if diff := cmp.Diff(want, r.UnregisterUnused(2).Deletions); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The segments themselves belong to the tasks that merge them; what one lies in
// stays as long as it is used, whoever pins the directory.
func TestDirectoryStaysWhileSomethingInItIsUsed(t *testing.T) {
	segment := &checkpoint.SegmentFileStateHandle{PhysicalPath: "file:/job/shared/s0/merged-1", Size: 9}
	for name, state := range map[string]*checkpoint.OperatorSubtaskState{
		"keyed":       keyed(&checkpoint.KeyGroupsStateHandle{Delegate: segment}),
		"incremental": keyed(&checkpoint.IncrementalRemoteKeyedStateHandle{MetaState: segment}),
		"operator":    {ManagedOperatorState: &checkpoint.OperatorStreamStateHandle{Delegate: segment}},
		"channel": {Channels: &checkpoint.ChannelState{
			Input: []checkpoint.ChannelStateHandle{&checkpoint.SingleChannelStateHandle{Delegate: segment}}}},
		"result": {Channels: &checkpoint.ChannelState{
			ResultSubpartition: []checkpoint.ChannelStateHandle{&checkpoint.MergedChannelStateHandle{Delegate: segment}}}},
		"nested": keyed(&checkpoint.IncrementalRemoteKeyedStateHandle{
			MetaState: &checkpoint.KeyGroupsStateHandle{Delegate: segment}}),
	} {
		t.Run(name, func(t *testing.T) {
			r := registry(t, owned(1, merged("/job/taskowned/tm1", "/job/shared/s0")), owned(2, state))
			wantDeleted(t, r.UnregisterUnused(2), "/job/taskowned/tm1")
			wantDeleted(t, r.UnregisterUnused(3), "/job/shared/s0")
		})
	}
}

func TestDirectoryStaysAroundWhatTheUserOwns(t *testing.T) {
	r := registry(t, owned(1, merged("/job/taskowned", "/job/shared")))
	savepoint := unowned(2, nil)
	savepoint.Directory = "/job/shared/savepoint"
	r.Disown(savepoint)
	wantDeleted(t, r.UnregisterUnused(9), "/job/taskowned")
}

// Metadata may come from anyone, and a claimed checkpoint may be forged.
func TestDirectoriesThatAreNeverDeleted(t *testing.T) {
	for _, dir := range []string{"", "/", "file:///", "s3://bucket", "s3://bucket/", "s3://bucket/a/..", "/sp/chk-2", "/sp"} {
		r := registry(t, owned(1, merged(dir, "/job/shared")), at("/sp/chk-2", owned(2, nil)))
		wantDeleted(t, r.UnregisterUnused(2), "/job/shared")
	}
}

// A file that one checkpoint shares and another keeps to itself is in doubt.
func TestFileOfTwoKindsIsNotDeleted(t *testing.T) {
	r := registry(t,
		owned(1, shared("/s/f")),
		owned(2, keyed(&checkpoint.ChangelogStateBackendHandle{Materialized: []checkpoint.KeyedStateHandle{private("/s/f")}})))
	wantDeleted(t, r.UnregisterUnused(3))
}

func at(directory string, cp sharedstate.Restored) sharedstate.Restored {
	cp.Directory = directory
	return cp
}
