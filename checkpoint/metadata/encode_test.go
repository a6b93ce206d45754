package metadata_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// fileWith is a file of one operator of one subtask with the state.
func fileWith(version int, state *checkpoint.OperatorSubtaskState) *metadata.File {
	f := &metadata.File{Version: version}
	f.Operators = []checkpoint.OperatorState{{
		Parallelism: 1, MaxParallelism: 128, Subtasks: []checkpoint.SubtaskState{{State: state}},
	}}
	return f
}

func TestUnencodable(t *testing.T) {
	merged := &checkpoint.OperatorSubtaskState{Channels: &checkpoint.ChannelState{
		Input: []checkpoint.ChannelStateHandle{checkpoint.MergeChannels(0, someFile(), nil)},
	}}
	finished := fileWith(3, nil)
	finished.Operators[0].FullyFinished = true
	stateful := fileWith(3, &checkpoint.OperatorSubtaskState{RawKeyedState: keyGroups(checkpoint.KeyGroupsSavepoint, "")})
	stateful.Operators[0].Subtasks[0].Finished = true
	outside := fileWith(3, nil)
	outside.Operators[0].Subtasks[0].Index = 1
	negative := fileWith(3, nil)
	negative.CheckpointID = -1
	forgotten, high := fileWith(6, nil), fileWith(6, nil)
	forgotten.Operators[0].MaxParallelism = 0
	high.Operators[0].Parallelism, high.Operators[0].MaxParallelism = 3, 2
	forgetful, twice := fileWith(6, nil), fileWith(6, nil)
	forgetful.Operators[0].UID = "c"
	twice.Operators = append(twice.Operators, twice.Operators[0])
	before := keyGroups(checkpoint.KeyGroupsSavepoint, "")
	before.Range.Start = -1
	long := fileWith(6, nil)
	long.Operators[0].Name = strings.Repeat("x", 65536)
	offsets := keyGroups(checkpoint.KeyGroupsSavepoint, "")
	offsets.Offsets = offsets.Offsets[:1]

	tests := []struct {
		name string
		file *metadata.File
		is   error
		says string
	}{
		{"version 0", fileWith(0, nil), metadata.ErrUnsupportedVersion, "3 to 6"},
		{"version 2 from nowhere", fileWith(2, nil), metadata.ErrUnsupportedVersion, "write version 3"},
		{"version 7", fileWith(7, nil), metadata.ErrUnsupportedVersion, "FLIP-600"},
		{"merged channels in version 5", fileWith(5, merged), metadata.ErrUnencodable, "subtask 0, input channel state 1 of 1: "},
		{
			"a reference in version 6", fileWith(6, &checkpoint.OperatorSubtaskState{Channels: &checkpoint.ChannelState{HasRefCheckpointID: true}}),
			metadata.ErrUnencodable, "needs version 7",
		},
		{"a finished operator with subtasks", finished, metadata.ErrUnencodable, "all subtasks had finished"},
		{"a finished subtask with state", stateful, metadata.ErrUnencodable, "the subtask had finished"},
		{"a subtask too many", outside, metadata.ErrUnencodable, "subtask 1"},
		{"a uid without id", forgetful, metadata.ErrUnencodable, `uid "c", but no id: set ID to checkpoint.OperatorIDFromUID("c")`},
		{"an operator twice", twice, metadata.ErrUnencodable, "operator 2 of 2 (id 00000000000000000000000000000000): value cannot be written: operator 1 has the same id"},
		{"a max parallelism forgotten", forgotten, metadata.ErrUnencodable, "parallelism 1 is above max parallelism 0, which is the number of key groups: set MaxParallelism"},
		{"a parallelism above", high, metadata.ErrUnencodable, "parallelism 3 is above max parallelism 2"},
		{"key groups before the first", fileWith(3, &checkpoint.OperatorSubtaskState{RawKeyedState: before}), metadata.ErrUnencodable, "2 key groups from -1 on"},
		{"a negative id", negative, metadata.ErrUnencodable, "checkpoint id -1"},
		{"a long name", long, metadata.ErrUnencodable, "operator 1 of 1 (id 00000000000000000000000000000000): "},
		{"offsets missing", fileWith(3, &checkpoint.OperatorSubtaskState{RawKeyedState: offsets}), metadata.ErrUnencodable, "1 offsets for the 2 key groups [5, 6]"},
		{
			"no delegate", fileWith(3, &checkpoint.OperatorSubtaskState{RawOperatorState: &checkpoint.OperatorStreamStateHandle{}}),
			metadata.ErrUnencodable, "raw operator state: ",
		},
		{
			"merged files in a whole file",
			fileWith(4, &checkpoint.OperatorSubtaskState{RawOperatorState: &checkpoint.FileMergingOperatorStreamStateHandle{Delegate: someFile()}}),
			metadata.ErrUnencodable, "behind a segment",
		},
		{
			"legacy state in version 3", fileWith(3, &checkpoint.OperatorSubtaskState{LegacyOperatorState: someFile()}),
			metadata.ErrUnencodable, "migrate the job",
		},
		{
			"a placeholder", fileWith(6, &checkpoint.OperatorSubtaskState{RawOperatorState: &checkpoint.OperatorStreamStateHandle{
				Delegate: &checkpoint.PlaceholderStreamStateHandle{PhysicalID: "s3://b/f"}}}),
			metadata.ErrUnencodable, `placeholder for "s3://b/f", which the shared state registry`,
		},
		{
			"a channel that is none", fileWith(3, &checkpoint.OperatorSubtaskState{Channels: &checkpoint.ChannelState{Input: []checkpoint.ChannelStateHandle{nil}}}),
			metadata.ErrUnencodable, "channel state handle",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := []byte("before")
			got, err := metadata.Append(before, test.file, nil)
			if !errors.Is(err, test.is) || !bytes.Equal(got, before) {
				t.Fatalf("got %x, error %v; want %v", got, err, test.is)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error does not say %q:\n%v", test.says, err)
			}
		})
	}
}

// TestNilPointers: a handle that is an interface around nothing is an error that says
// where, in every position, and whether or not the file was read before.
func TestNilPointers(t *testing.T) {
	stream := (*checkpoint.FileStateHandle)(nil)
	files := func(h checkpoint.StreamStateHandle) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
			MetaState: someFile(), SharedState: []checkpoint.HandleAndLocalPath{{LocalPath: "1.sst", Handle: someFile()}, {LocalPath: "2.sst", Handle: h}}}}
	}
	for where, state := range map[string]*checkpoint.OperatorSubtaskState{
		"managed keyed state: value cannot be written: the handle is a nil *checkpoint.KeyGroupsStateHandle": {ManagedKeyedState: (*checkpoint.KeyGroupsStateHandle)(nil)},
		"raw keyed state: value cannot be written: the handle is a nil *checkpoint.FileStateHandle":          {RawKeyedState: &checkpoint.KeyGroupsStateHandle{Delegate: stream}},
		"raw operator state: value cannot be written: the handle is a nil *checkpoint.Oper":                  {RawOperatorState: (*checkpoint.OperatorStreamStateHandle)(nil)},
		"managed operator state: value cannot be written: the handle is a nil *checkpoint.Seg": {ManagedOperatorState: &checkpoint.FileMergingOperatorStreamStateHandle{
			Delegate: (*checkpoint.SegmentFileStateHandle)(nil)}},
		"input channel state 1 of 1: value cannot be written: the handle is a nil *checkpoint.Sing": {Channels: &checkpoint.ChannelState{
			Input: []checkpoint.ChannelStateHandle{(*checkpoint.SingleChannelStateHandle)(nil)}}},
		"shared file 2 of 2: value cannot be written: the handle is a nil *checkpoint.FileStateHandle; where there is no state, leave the field nil": files(stream),
		"managed keyed state: value cannot be written: the handle is a nil *checkpoint.Incr":                                                         {ManagedKeyedState: (*checkpoint.IncrementalRemoteKeyedStateHandle)(nil)},
	} {
		_, err := metadata.Encode(fileWith(6, state), nil)
		if !errors.Is(err, metadata.ErrUnencodable) || !strings.Contains(err.Error(), where) {
			t.Errorf("error is\n%v, want\n%s", err, where)
		}
	}
	read, err := metadata.Decode(encoded(t, fileWith(6, files(someFile())), nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	read.Operators[0].Subtasks[0].State.ManagedKeyedState.(*checkpoint.IncrementalRemoteKeyedStateHandle).SharedState[1].Handle = stream
	if _, err := metadata.Encode(read, nil); !errors.Is(err, metadata.ErrUnencodable) {
		t.Errorf("of what was read: %v", err)
	}
}

// TestVersion2 can be written again if it was read, and cannot hold what came later.
func TestVersion2(t *testing.T) {
	read := func() *metadata.File {
		f, err := metadata.Decode(unhex(t, frame(2, "00000000 00000000 00 00")), nil)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	changes := map[string]func(*metadata.File){
		"a finished subtask":  func(f *metadata.File) { f.Operators[0].Subtasks[0].Finished = true },
		"a finished operator": func(f *metadata.File) { f.Operators[0].Subtasks, f.Operators[0].FullyFinished = nil, true },
		"channel state": func(f *metadata.File) {
			f.Operators[0].Subtasks[0].State = &checkpoint.OperatorSubtaskState{Channels: &checkpoint.ChannelState{}}
		},
		"a coordinator": func(f *metadata.File) { f.Operators[0].Coordinator = &checkpoint.ByteStreamStateHandle{} },
	}
	for name, change := range changes {
		f := read()
		change(f)
		if _, err := metadata.Encode(f, nil); !errors.Is(err, metadata.ErrUnencodable) {
			t.Errorf("%s in version 2: error %v, want ErrUnencodable", name, err)
		}
	}
	f := read()
	f.Version = metadata.CurrentVersion
	sameBytes(t, "version 2 as version 6", encoded(t, f, nil))
}

// TestIdentitiesThatWereRead are written again, whatever they are: only of what a
// program makes is it known that it cannot have meant them.
func TestIdentitiesThatWereRead(t *testing.T) {
	f := fileWith(6, nil)
	f.Operators = append(f.Operators, f.Operators[0])
	f.Operators[0].UID, f.Operators[1].UID = "c", "c"
	f.Operators[0].ID[0], f.Operators[1].ID[0] = 1, 2
	data := encoded(t, f, nil)
	for n, i := bytes.IndexByte(data, 0), 0; i < len(data); i++ {
		if i > n && data[i-1] == 'c' && (data[i] == 1 || data[i] == 2) {
			data[i] = 0 // the first byte of an id
		}
	}
	f = sameBytes(t, "no ids", data)
	if f.Operators[0].ID != f.Operators[1].ID || f.Operators[0].UID != "c" {
		t.Fatalf("the test has lost what it is about: %+v", f.Operators)
	}
}

// TestLegacyOperatorState: savepoints of Flink 1.3 can hold state of 1.1.
func TestLegacyOperatorState(t *testing.T) {
	data := unhex(t, strings.Replace(frame(2, "00000000 00000000 00 00"), "ffffffffffffffff 00000000", "ffffffffffffffff 00000001"+fileHex, 1))
	f := sameBytes(t, "legacy", data)
	if state := f.Operators[0].Subtasks[0].State; state == nil || state.LegacyOperatorState == nil || state.StateSize() != 9 {
		t.Errorf("state %+v, want a legacy one of 9 bytes", state)
	}
}

func TestVersion7(t *testing.T) {
	data := unhex(t, strings.Replace(frame(7, "00000000 00000000 00 00"), "00000000 00000000 00"+nullProperties, "00000000 00000000 01 0000000000000009"+nullProperties, 1))
	f, err := metadata.Decode(data, &metadata.DecodeOptions{Version7: true})
	if err != nil {
		t.Fatal(err)
	}
	if c := f.Operators[0].Subtasks[0].State.Channels; !c.HasRefCheckpointID || c.RefCheckpointID != 9 {
		t.Errorf("channels %+v, want a reference to checkpoint 9", c)
	}
	if got := encoded(t, f, &metadata.EncodeOptions{Version7: true}); !bytes.Equal(got, data) {
		t.Errorf("encoded to\n%x, want\n%x", got, data)
	}
}

func encoded(t *testing.T, f *metadata.File, opts *metadata.EncodeOptions) []byte {
	t.Helper()
	data, err := metadata.Encode(f, opts)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestExclusiveDir: a relative handle stays relative only in the directory that
// it is relative to (FLINK-39964).
func TestExclusiveDir(t *testing.T) {
	const savepoint, chk = "s3://b/savepoint-1", "s3://b/job/chk-7"
	relative := &checkpoint.RelativeFileStateHandle{RelativePath: "f", Size: 3}
	absolute := &checkpoint.FileStateHandle{Path: savepoint + "/f", Size: 3}
	tests := []struct {
		name string
		opts metadata.EncodeOptions
		want checkpoint.StreamStateHandle
	}{
		{"nothing known", metadata.EncodeOptions{}, relative},
		{"only the target known", metadata.EncodeOptions{ExclusiveDir: chk}, relative},
		{"the same", metadata.EncodeOptions{AnchorDir: chk, ExclusiveDir: chk + "/"}, relative},
		{"another", metadata.EncodeOptions{AnchorDir: savepoint, ExclusiveDir: chk}, absolute},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			keyed := &checkpoint.IncrementalRemoteKeyedStateHandle{
				MetaState:   relative,
				SharedState: []checkpoint.HandleAndLocalPath{{LocalPath: "1.sst", Handle: relative}},
			}
			data := encoded(t, fileWith(6, &checkpoint.OperatorSubtaskState{ManagedKeyedState: keyed}), &test.opts)
			want := *keyed
			want.MetaState = test.want
			want.SharedState = []checkpoint.HandleAndLocalPath{{LocalPath: "1.sst", Handle: test.want}}
			if !bytes.Equal(data, encoded(t, fileWith(6, &checkpoint.OperatorSubtaskState{ManagedKeyedState: &want}), nil)) {
				t.Errorf("encoded to %x", data)
			}
		})
	}
}

// TestReadAndWrite takes real bytes through readers and writers that fail, and
// that give a byte at a time.
func TestReadAndWrite(t *testing.T) {
	data := unhex(t, frame(6, "00000000 00000000 03"+rangeHex+longsHex+fileHex+"00"))
	for _, size := range []int64{-1, 0, 1, int64(len(data)), 1000} {
		f, err := metadata.Read(iotest.OneByteReader(bytes.NewReader(data)), size, nil)
		if err != nil || !bytes.Equal(encoded(t, f, nil), data) {
			t.Errorf("read with %d bytes expected: error %v", size, err)
		}
		broken := errors.New("broken")
		if _, err := metadata.Read(iotest.ErrReader(broken), size, nil); !errors.Is(err, broken) {
			t.Errorf("error %v, want that of the reader", err)
		}
	}
	f, err := metadata.Decode(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	if err := metadata.Write(failingWriter{broken}, f, nil); !errors.Is(err, broken) {
		t.Errorf("error %v, want that of the writer", err)
	}
	if err := metadata.Write(failingWriter{broken}, fileWith(0, nil), nil); !errors.Is(err, metadata.ErrUnsupportedVersion) {
		t.Errorf("error %v, want ErrUnsupportedVersion before anything is written", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

// TestWriteInPieces: what is larger than a piece comes out whole.
func TestWriteInPieces(t *testing.T) {
	f := load{operators: 3, subtasks: 40, files: 30}.file()
	var got bytes.Buffer
	if err := metadata.Write(&got, f, nil); err != nil {
		t.Fatal(err)
	}
	if want := encoded(t, f, nil); !bytes.Equal(got.Bytes(), want) || len(want) < 200_000 {
		t.Errorf("wrote %d bytes, want the same %d as Encode, and more than some pieces", got.Len(), len(want))
	}
}
