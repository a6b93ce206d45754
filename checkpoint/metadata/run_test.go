package metadata_test

import (
	"bytes"
	"errors"
	"runtime"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// manyLists is metadata in which two lists in each of six subtasks are not changed,
// and what is between them may be.
func manyLists() *metadata.File {
	f := load{operators: 2, subtasks: 3, files: 4}.file()
	for o := range f.Operators {
		for s := range f.Operators[o].Subtasks {
			h := increment(f, o, s)
			h.PrivateState = h.SharedState[:2]
		}
	}
	return f
}

func increment(f *metadata.File, operator, subtask int) *checkpoint.IncrementalRemoteKeyedStateHandle {
	return f.Operators[operator].Subtasks[subtask].State.ManagedKeyedState.(*checkpoint.IncrementalRemoteKeyedStateHandle)
}

// changesBetween are made to what was read and to what was made, and both must then
// be written alike.
func changesBetween() map[string]func(*metadata.File) {
	return map[string]func(*metadata.File){
		"nothing":                func(*metadata.File) {},
		"the checkpoint id":      func(f *metadata.File) { f.CheckpointID++ },
		"a number between lists": func(f *metadata.File) { increment(f, 0, 1).CheckpointedSize++ },
		"an id behind lists":     func(f *metadata.File) { increment(f, 1, 0).HandleID = "another" },
		"the last id":            func(f *metadata.File) { increment(f, 1, 2).HandleID = "f2f2e9f0-6f0b-4d39-8a43-9b9c1f0e9d11" },
		"a name of an operator":  func(f *metadata.File) { f.Operators[1].Name = "KeyedProcess-2" },
		"what follows":           func(f *metadata.File) { f.Trailing = []byte("more") },
		"a list left out":        func(f *metadata.File) { increment(f, 0, 2).PrivateState = nil },
		"the end of a list":      func(f *metadata.File) { h := increment(f, 0, 2); h.SharedState = h.SharedState[:3] },
		"the start of a list":    func(f *metadata.File) { h := increment(f, 0, 2); h.SharedState = h.SharedState[1:] },
		"a size":                 func(f *metadata.File) { increment(f, 1, 1).SharedState[3].Handle = someFile() },
		"a character not plain":  func(f *metadata.File) { increment(f, 1, 1).SharedState[2].LocalPath = "ä.sst" },
		"a path with a NUL":      func(f *metadata.File) { increment(f, 1, 1).SharedState[2].Handle = nulFile() },
		"a list twice":           func(f *metadata.File) { increment(f, 1, 1).SharedState = increment(f, 0, 0).SharedState },
		"a subtask left out":     func(f *metadata.File) { o := &f.Operators[0]; o.Subtasks = append(o.Subtasks[:1:1], o.Subtasks[2]) },
		"operators in turn":      func(f *metadata.File) { f.Operators[0], f.Operators[1] = f.Operators[1], f.Operators[0] },
		"large state in between": func(f *metadata.File) { f.Operators[0].Subtasks[1].State.RawKeyedState = largeState() },
		"other lists in one list": func(f *metadata.File) {
			h := increment(f, 0, 1)
			h.SharedState = append(h.SharedState, h.PrivateState...)
		},
	}
}

func nulFile() checkpoint.StreamStateHandle {
	return &checkpoint.FileStateHandle{Path: "s3://bucket/a-path-with-a-\x00-in-it", Size: 1}
}

func largeState() checkpoint.KeyedStateHandle {
	return &checkpoint.KeyGroupsStateHandle{
		Encoding: checkpoint.KeyGroupsSavepoint, Range: checkpoint.KeyGroups(0, 0), Offsets: []int64{0},
		Delegate: &checkpoint.ByteStreamStateHandle{HandleName: "large", Data: make([]byte, 200_000)},
	}
}

func TestRunsOfTheSource(t *testing.T) {
	for name, change := range changesBetween() {
		t.Run(name, func(t *testing.T) {
			fresh := manyLists()
			read, err := metadata.Decode(encoded(t, fresh, nil), nil)
			if err != nil {
				t.Fatal(err)
			}
			change(fresh)
			change(read)
			want := encoded(t, fresh, nil)
			for way, got := range everyWay(t, read) {
				if !bytes.Equal(got, want) {
					t.Errorf("%s: wrote %d bytes that are not the %d of the same value made afresh", way, len(got), len(want))
				}
			}
		})
	}
}

// everyWay encodes the file into new memory, into memory with and without enough
// room behind something, and to a writer.
func everyWay(t *testing.T, f *metadata.File) map[string][]byte {
	t.Helper()
	ways := map[string][]byte{"Encode": encoded(t, f, nil)}
	for name, room := range map[string]int{"Append with little room": 16, "Append with much room": 1 << 20} {
		got, err := metadata.Append(append(make([]byte, 0, room), "before"...), f, nil)
		if err != nil || !bytes.HasPrefix(got, []byte("before")) {
			t.Fatalf("%s: error %v, or what was there is gone", name, err)
		}
		ways[name] = got[len("before"):]
	}
	var out bytes.Buffer
	if err := metadata.Write(&out, f, nil); err != nil {
		t.Fatal(err)
	}
	ways["Write"] = out.Bytes()
	return ways
}

// TestRunIsNotCopied: a writer gets what was read and not changed from where it is,
// so that writing it takes no memory, and a writer that fails is not asked again.
func TestRunIsNotCopied(t *testing.T) {
	data := encoded(t, load{operators: 3, subtasks: 40, files: 30}.file(), nil)
	f, err := metadata.Decode(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &largestWrite{}
	if err := metadata.Write(w, f, nil); err != nil {
		t.Fatal(err)
	}
	if w.inside(data) < len(data)*9/10 {
		t.Errorf("the largest write is of %d bytes, %d of them from the source of %d", len(w.largest), w.inside(data), len(data))
	}
	broken := errors.New("disk full")
	w = &largestWrite{err: broken}
	if err := metadata.Write(w, f, nil); !errors.Is(err, broken) || w.calls != 1 {
		t.Errorf("error %v after %d writes, want that of the first", err, w.calls)
	}
}

// largestWrite keeps, against the rules of io.Writer, the largest slice it was given.
type largestWrite struct {
	largest []byte
	calls   int
	err     error
}

func (w *largestWrite) Write(p []byte) (int, error) {
	if w.calls++; len(p) > len(w.largest) {
		w.largest = p
	}
	return len(p), w.err
}

// inside returns how many bytes of data the largest write was, if it was a part of it.
func (w *largestWrite) inside(data []byte) int {
	for i := range data {
		if len(w.largest) > 0 && &data[i] == &w.largest[0] {
			return len(w.largest)
		}
	}
	return 0
}

// TestRoom: what is made in memory is encoded without memory that grows as it
// fills, which would come to several times the result.
func TestRoom(t *testing.T) {
	f := load{operators: 3, subtasks: 40, files: 30}.file()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	data := encoded(t, f, nil)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > uint64(len(data))*3/2 {
		t.Errorf("%d bytes took %d bytes of memory", len(data), took)
	}
}
