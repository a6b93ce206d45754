package metadata_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// unhex decodes hex digits with spaces and newlines between them.
func unhex(t testing.TB, digits string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.Join(strings.Fields(digits), ""))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// ignoreSource leaves out of a comparison what a file knows of where it came from.
func ignoreSource() cmp.Option { return cmpopts.IgnoreUnexported(metadata.File{}) }

const (
	nullProperties = "aced0005 70"
	operatorA      = "cbc357cc b763df28 52fee8c4 fc7d55f2"
)

func operatorID(t testing.TB, digits string) checkpoint.OperatorID {
	t.Helper()
	return checkpoint.OperatorID(unhex(t, digits))
}

// TestWorkedFiles decodes files that were made by hand, byte by byte, and knows
// what is in them.
func TestWorkedFiles(t *testing.T) {
	idA := operatorID(t, operatorA)
	tests := []struct {
		name string
		hex  string
		want metadata.File
	}{
		{
			name: "the smallest",
			hex:  "4960672d 00000002 0000000000000001 00000000 00000000",
			want: metadata.File{Version: 2, Metadata: checkpoint.Metadata{CheckpointID: 1}},
		},
		{
			name: "version 2 with operator state",
			hex: `4960672d 00000002 0000000000000007 00000000 00000001 ` + operatorA + `
				00000001 00000080 00000001 00000001 00000000 ffffffffffffffff 00000000
				00000001 04 00000001 0009 5f64656661756c745f 00 00000001 0000000000000000
				02 00000000000004d2 0012 66696c653a2f636b2f6a2f63686b2d372f75
				00000000 00 00`,
			want: metadata.File{Version: 2, Metadata: checkpoint.Metadata{CheckpointID: 7, Operators: []checkpoint.OperatorState{{
				ID: idA, Parallelism: 1, MaxParallelism: 128,
				Subtasks: []checkpoint.SubtaskState{{State: &checkpoint.OperatorSubtaskState{
					ManagedOperatorState: &checkpoint.OperatorStreamStateHandle{
						States:   []checkpoint.OperatorStatePartitions{{Name: "_default_", Offsets: []int64{0}}},
						Delegate: &checkpoint.FileStateHandle{Path: "file:/ck/j/chk-7/u", Size: 1234},
					},
				}}},
			}}}},
		},
		{
			name: "version 3 with master state, coordinator, keyed state and finished subtasks",
			hex: `4960672d 00000003 0000000000000007
				00000001 c96b1696 00000010 00000003 0004 686f6f6b 00000002 cafe
				00000002 ` + operatorA + ` 00000002 00000080
				01 0020 6362633335376363623736336466323835326665653863346663376435356632 00000003 010203
				00000002 00000000 0000000000000000
				0c 00000000 00000002 000000000000000a 000000000000002a 06 0002 6630 0000000000000063 0002 6831
				00 00000000 00000000 fffffffe
				00000000000000000000000000000001 00000004 00000080 00 ffffffff`,
			want: metadata.File{Version: 3, Metadata: checkpoint.Metadata{
				CheckpointID: 7,
				MasterStates: []checkpoint.MasterState{{Name: "hook", Version: 3, Payload: []byte{0xca, 0xfe}}},
				Operators: []checkpoint.OperatorState{
					{
						ID: idA, Parallelism: 2, MaxParallelism: 128,
						Coordinator: &checkpoint.ByteStreamStateHandle{HandleName: idA.String(), Data: []byte{1, 2, 3}},
						Subtasks: []checkpoint.SubtaskState{
							{State: &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.KeyGroupsStateHandle{
								Range: checkpoint.KeyGroups(0, 1), Offsets: []int64{10, 42}, HandleID: "h1",
								Delegate: &checkpoint.RelativeFileStateHandle{RelativePath: "f0", Size: 99},
							}}},
							{Index: 1, Finished: true},
						},
					},
					{ID: checkpoint.OperatorID{15: 1}, Parallelism: 4, MaxParallelism: 128, FullyFinished: true},
				},
			}},
		},
		{
			name: "version 5 with name and uid and without subtasks",
			hex: `4960672d 00000005 0000000000000007 00000000 00000001 0003 6d6170 0006 6d792d756964 ` + operatorA + `
				00000001 00000080 00 00000000 ` + nullProperties,
			want: metadata.File{Version: 5, PropertiesBlob: unhex(t, nullProperties), Metadata: checkpoint.Metadata{
				CheckpointID: 7,
				Operators:    []checkpoint.OperatorState{{Name: "map", UID: "my-uid", ID: idA, Parallelism: 1, MaxParallelism: 128}},
			}},
		},
		{
			name: "version 6 with merged channel state",
			hex: `4960672d 00000006 0000000000000007 00000000 00000001 0000 0000 ` + operatorA + `
				00000001 00000080 00 00000001 00000000 00000000 00000000 00 00
				00000001 03 00000000 0000000000000024 06 0002 6631 000000000000003c 00000044
				00000002 00000000 00000000 0000000000000010 00000001 0000000000000004
				00000000 00000001 0000000000000014 00000002 0000000000000018 0000000000000028
				00000001 02 00000000 00000001 00000002 00000001 000000000000002c 0000000000000010
				06 0002 6631 000000000000003c ` + nullProperties,
			want: metadata.File{Version: 6, PropertiesBlob: unhex(t, nullProperties), Metadata: checkpoint.Metadata{
				CheckpointID: 7,
				Operators: []checkpoint.OperatorState{{
					ID: idA, Parallelism: 1, MaxParallelism: 128,
					Subtasks: []checkpoint.SubtaskState{{State: &checkpoint.OperatorSubtaskState{Channels: &checkpoint.ChannelState{
						Input: []checkpoint.ChannelStateHandle{checkpoint.MergeChannels(0,
							&checkpoint.RelativeFileStateHandle{RelativePath: "f1", Size: 60},
							[]checkpoint.ChannelOffsets{
								{Size: 16, Offsets: []int64{4}},
								{Channel: checkpoint.ChannelInfo{Index: 1}, Size: 20, Offsets: []int64{24, 40}},
							})},
						ResultSubpartition: []checkpoint.ChannelStateHandle{&checkpoint.SingleChannelStateHandle{
							Channel: checkpoint.ChannelInfo{Group: 1, Index: 2}, Offsets: []int64{44}, Size: 16,
							Delegate: &checkpoint.RelativeFileStateHandle{RelativePath: "f1", Size: 60},
						}},
					}}}},
				}},
			}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := unhex(t, test.hex)
			got := sameBytes(t, test.name, data)
			if got == nil {
				return
			}
			if diff := cmp.Diff(&test.want, got, ignoreSource(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("decoded (+), want (-):\n%s", diff)
			}
		})
	}
}

// TestTrailingBytes: Flink ignores what follows, in every version; we keep it.
func TestTrailingBytes(t *testing.T) {
	for version, tail := range map[byte]string{2: "", 3: "", 4: nullProperties, 5: nullProperties, 6: nullProperties} {
		data := unhex(t, "4960672d 0000000"+string('0'+version)+" 0000000000000001 00000000 00000000"+tail+"beef")
		f := sameBytes(t, "trailing", data)
		if f != nil && !bytes.Equal(f.Trailing, []byte{0xbe, 0xef}) {
			t.Errorf("version %d: trailing bytes % x, want be ef", version, f.Trailing)
		}
	}
}
