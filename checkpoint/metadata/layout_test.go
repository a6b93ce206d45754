package metadata_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// Hex of handles that stand inside of others below, and what they are.
const (
	fileHex  = "02 0000000000000009 0003 613a62" // file a:b of 9 bytes
	rangeHex = "00000005 00000002"               // key groups 5 and 6
	longsHex = "0000000000000001 ffffffffffffffff"
)

func someFile() *checkpoint.FileStateHandle { return &checkpoint.FileStateHandle{Path: "a:b", Size: 9} }

func someRange() checkpoint.KeyGroupRange { return checkpoint.KeyGroups(5, 6) }

func keyGroups(e checkpoint.KeyGroupsEncoding, id string) *checkpoint.KeyGroupsStateHandle {
	return &checkpoint.KeyGroupsStateHandle{
		Encoding: e, Range: someRange(), Offsets: []int64{1, -1}, Delegate: someFile(), HandleID: id,
	}
}

// TestStreamHandles and its two sisters tell the layout of every handle, tag by tag.
func TestStreamHandles(t *testing.T) {
	tests := []struct {
		name   string
		hex    string
		handle checkpoint.StreamStateHandle
	}{
		{"1 inline", "01 0001 6e 00000002 cafe", &checkpoint.ByteStreamStateHandle{HandleName: "n", Data: []byte{0xca, 0xfe}}},
		{"2 file", fileHex, someFile()},
		{"2 file of unknown size", "02 ffffffffffffffff 0001 61", &checkpoint.FileStateHandle{Path: "a", Size: -1}},
		{"3 key groups", "03" + rangeHex + longsHex + fileHex, keyGroups(checkpoint.KeyGroupsWithoutID, "")},
		{"6 relative file", "06 0001 61 0000000000000009", &checkpoint.RelativeFileStateHandle{RelativePath: "a", Size: 9}},
		{
			"15 segment", "0f 0000000000000001 0000000000000002 00000001 0001 70 0001 6c",
			&checkpoint.SegmentFileStateHandle{StartPos: 1, Size: 2, Scope: checkpoint.ScopeShared, PhysicalPath: "p", LogicalFileID: "l"},
		},
		{"16 empty segment", "10", &checkpoint.EmptySegmentFileStateHandle{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			keyed := &checkpoint.KeyGroupsStateHandle{Encoding: checkpoint.KeyGroupsSavepoint, Delegate: test.handle}
			checkLayout(t, "00000000 00000000 07 00000000 00000000"+test.hex+"00", &checkpoint.OperatorSubtaskState{ManagedKeyedState: keyed})
		})
	}
}

func TestKeyedHandles(t *testing.T) {
	files := func(name string) []checkpoint.HandleAndLocalPath {
		return []checkpoint.HandleAndLocalPath{{LocalPath: name, Handle: someFile()}}
	}
	inMemory := &checkpoint.InMemoryChangelogStateHandle{
		Range: someRange(), From: 1, To: 2, HandleID: "i",
		Changes: []checkpoint.StateChange{{KeyGroup: -1, Change: []byte{}}, {KeyGroup: 5, Change: []byte{0xfe}}},
	}
	const inMemoryHex = "09" + rangeHex + "0000000000000001 0000000000000002 00000002 ffffffff 00000000 00000005 00000001 fe 0001 69"
	increment := func(legacy bool) *checkpoint.IncrementalRemoteKeyedStateHandle {
		return &checkpoint.IncrementalRemoteKeyedStateHandle{
			Legacy: legacy, CheckpointID: 3, BackendID: "b", Range: someRange(), MetaState: someFile(),
			SharedState: files("s"), PrivateState: files("p"),
		}
	}
	current := increment(false)
	current.CheckpointedSize, current.HandleID = -1, "i"
	changelog := func(legacy bool) *checkpoint.ChangelogStateBackendHandle {
		return &checkpoint.ChangelogStateBackendHandle{
			Legacy: legacy, Range: someRange(), CheckpointedSize: 4, MaterializationID: 5, HandleID: "i",
			Materialized:    []checkpoint.KeyedStateHandle{nil, keyGroups(checkpoint.KeyGroupsSavepoint, "")},
			NonMaterialized: []checkpoint.KeyedStateHandle{inMemory},
		}
	}
	withCheckpoint := changelog(false)
	withCheckpoint.CheckpointID = 6
	logFile := checkpoint.ChangelogFileStateHandle{
		Range: someRange(), Parts: []checkpoint.HandleAndOffset{{Offset: 7, Handle: someFile()}},
		Size: 8, CheckpointedSize: 9, HandleID: "i",
	}
	oldLogFile := logFile
	oldLogFile.Legacy, logFile.StorageIdentifier = true, "fs"

	const filesHex = fileHex + "00000001 0001 73" + fileHex + "00000001 0001 70" + fileHex
	const changelogHex = rangeHex + "0000000000000004 00000002 00 07" + rangeHex + longsHex + fileHex +
		"00000001" + inMemoryHex + "0000000000000005"
	const logFileHex = rangeHex + "00000001 0000000000000007" + fileHex + "0000000000000008 0000000000000009 0001 69"
	tests := []struct {
		name   string
		hex    string
		handle checkpoint.KeyedStateHandle
	}{
		{"3 key groups of old", "03" + rangeHex + longsHex + fileHex, keyGroups(checkpoint.KeyGroupsWithoutID, "")},
		{"5 increment of old", "05 0000000000000003 0001 62" + rangeHex + filesHex, increment(true)},
		{"7 key groups of savepoints", "07" + rangeHex + longsHex + fileHex, keyGroups(checkpoint.KeyGroupsSavepoint, "")},
		{"8 changelog of old", "08" + changelogHex + "0001 69", changelog(true)},
		{"9 changes in memory", inMemoryHex, inMemory},
		{"10 changes in files of old", "0a" + logFileHex, &oldLogFile},
		{"11 increment", "0b 0000000000000003 0001 62" + rangeHex + "ffffffffffffffff" + filesHex + "0001 69", current},
		{"12 key groups", "0c" + rangeHex + longsHex + fileHex + "0001 69", keyGroups(checkpoint.KeyGroupsWithID, "i")},
		{"13 changes in files", "0d" + logFileHex + "0002 6673", &logFile},
		{"14 changelog", "0e" + changelogHex + "0000000000000006 0001 69", withCheckpoint},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkLayout(t, "00000000 00000000"+test.hex+"00", &checkpoint.OperatorSubtaskState{ManagedKeyedState: test.handle})
			checkLayout(t, "00000000 00000000 00"+test.hex, &checkpoint.OperatorSubtaskState{RawKeyedState: test.handle})
		})
	}
}

func TestOperatorHandles(t *testing.T) {
	const statesHex = "00000003 0001 61 00 00000000 0001 62 01 00000002" + longsHex + "0001 63 02 00000000"
	states := []checkpoint.OperatorStatePartitions{
		{Name: "a", Mode: checkpoint.SplitDistribute},
		{Name: "b", Mode: checkpoint.Union, Offsets: []int64{1, -1}},
		{Name: "c", Mode: checkpoint.Broadcast},
	}
	merging := &checkpoint.FileMergingOperatorStreamStateHandle{
		States: states, TaskOwnedDir: "t", SharedDir: "s", Empty: true, Delegate: &checkpoint.EmptySegmentFileStateHandle{},
	}
	tests := []struct {
		name   string
		hex    string
		handle checkpoint.OperatorStateHandle
	}{
		{"0 null", "00", &checkpoint.NullOperatorStateHandle{}},
		{"4 partitionable", "04" + statesHex + fileHex, &checkpoint.OperatorStreamStateHandle{States: states, Delegate: someFile()}},
		{"17 file merging", "11" + statesHex + "0001 74 0001 73 01 10", merging},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkLayout(t, "00000001"+test.hex+"00000000 00 00", &checkpoint.OperatorSubtaskState{ManagedOperatorState: test.handle})
			checkLayout(t, "00000000 00000001"+test.hex+"00 00", &checkpoint.OperatorSubtaskState{RawOperatorState: test.handle})
		})
	}
}

// checkLayout puts the state into a file of each version, and checks that it is
// read from the hex, and written as it.
func checkLayout(t *testing.T, hex string, state *checkpoint.OperatorSubtaskState) {
	t.Helper()
	for version := metadata.Version2; version <= metadata.Version7; version++ {
		data := unhex(t, frame(version, hex))
		f, err := metadata.Decode(data, &metadata.DecodeOptions{Version7: true})
		if err != nil {
			t.Errorf("version %d: %v", version, err)
			continue
		}
		if diff := cmp.Diff(state, f.Operators[0].Subtasks[0].State, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("version %d: decoded (+), want (-):\n%s", version, diff)
		}
		f.Operators[0].Subtasks[0].State = state
		if again, err := metadata.Encode(f, &metadata.EncodeOptions{Version7: true}); err != nil || !bytes.Equal(again, data) {
			t.Errorf("version %d: encoded\n%x, want\n%x; error %v", version, again, data, err)
		}
	}
}

// frame is a file with one operator of one subtask, the core of which is given.
func frame(version int, core string) string {
	head := "4960672d 0000000" + string(rune('0'+version)) + "0000000000000001 00000000 00000001"
	id := operatorA + "00000001 00000080"
	switch version {
	case metadata.Version2:
		return head + id + "00000001 00000001 00000000 ffffffffffffffff 00000000" + core
	case metadata.Version3:
		return head + id + "00 00000001 00000000" + core + "00000000 00000000"
	case metadata.Version4:
		return head + id + "00 00000001 00000000" + core + "00000000 00000000" + nullProperties
	case metadata.Version7:
		return head + "0000 0000" + id + "00 00000001 00000000" + core + "00000000 00000000 00" + nullProperties
	default:
		return head + "0000 0000" + id + "00 00000001 00000000" + core + "00000000 00000000" + nullProperties
	}
}

// TestTagsOutOfPlace: a tag of one position is unknown in another.
func TestTagsOutOfPlace(t *testing.T) {
	known := map[string]map[byte]bool{
		"stream":   {0: true, 1: true, 2: true, 3: true, 6: true, 15: true, 16: true},
		"keyed":    {0: true, 3: true, 5: true, 7: true, 8: true, 9: true, 10: true, 11: true, 12: true, 13: true, 14: true},
		"operator": {0: true, 4: true, 17: true},
	}
	before := map[string]string{
		"stream":   "00000000 00000000 07 00000000 00000000",
		"keyed":    "00000000 00000000",
		"operator": "00000001",
	}
	for position, tags := range known {
		for tag := range 256 {
			data := unhex(t, frame(metadata.Version6, before[position]))
			data = data[:len(data)-len(unhex(t, "00000000 00000000"+nullProperties))]
			_, err := metadata.Decode(append(data, byte(tag)), nil)
			if got := errors.Is(err, metadata.ErrUnknownTag); got == tags[byte(tag)] {
				t.Errorf("tag %d in %s position: error %v", tag, position, err)
			}
		}
	}
}
