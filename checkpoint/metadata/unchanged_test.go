package metadata_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// incremental is metadata of one subtask with three shared files.
func incremental() *metadata.File {
	files := make([]checkpoint.HandleAndLocalPath, 3)
	for i := range files {
		files[i] = checkpoint.HandleAndLocalPath{
			LocalPath: fmt.Sprintf("00000%d.sst", i),
			Handle:    &checkpoint.FileStateHandle{Path: fmt.Sprintf("s3://bucket/shared/file-%d", i), Size: int64(100 + i)},
		}
	}
	return fileWith(metadata.Version6, &checkpoint.OperatorSubtaskState{
		ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
			BackendID: "backend", Range: checkpoint.KeyGroups(0, 127), HandleID: "id",
			MetaState: someFile(), SharedState: files,
		},
	})
}

func sharedFiles(f *metadata.File) []checkpoint.HandleAndLocalPath {
	return f.Operators[0].Subtasks[0].State.ManagedKeyedState.(*checkpoint.IncrementalRemoteKeyedStateHandle).SharedState
}

// What was read and then changed is written as it is now, whatever was changed and
// however like the source it looks: the copy of what is unchanged must not hide it.
func TestEncodeNoticesEachChange(t *testing.T) {
	handle := func(files []checkpoint.HandleAndLocalPath, i int) *checkpoint.FileStateHandle {
		return files[i].Handle.(*checkpoint.FileStateHandle)
	}
	for name, change := range map[string]func([]checkpoint.HandleAndLocalPath){
		"nothing":               func([]checkpoint.HandleAndLocalPath) {},
		"size":                  func(f []checkpoint.HandleAndLocalPath) { handle(f, 1).Size++ },
		"path":                  func(f []checkpoint.HandleAndLocalPath) { handle(f, 1).Path = "s3://other/shared/file-1" },
		"path cut short":        func(f []checkpoint.HandleAndLocalPath) { handle(f, 2).Path = handle(f, 2).Path[:10] },
		"path without its head": func(f []checkpoint.HandleAndLocalPath) { handle(f, 0).Path = handle(f, 0).Path[5:] },
		"no path":               func(f []checkpoint.HandleAndLocalPath) { handle(f, 2).Path = "" },
		"paths exchanged": func(f []checkpoint.HandleAndLocalPath) {
			handle(f, 0).Path, handle(f, 1).Path = handle(f, 1).Path, handle(f, 0).Path
		},
		"local path":           func(f []checkpoint.HandleAndLocalPath) { f[0].LocalPath = "CURRENT" },
		"local path cut short": func(f []checkpoint.HandleAndLocalPath) { f[0].LocalPath = f[0].LocalPath[:3] },
		"no local path":        func(f []checkpoint.HandleAndLocalPath) { f[0].LocalPath = "" },
		"files exchanged":      func(f []checkpoint.HandleAndLocalPath) { f[0], f[2] = f[2], f[0] },
		"file repeated":        func(f []checkpoint.HandleAndLocalPath) { f[1] = f[0] },
		"another kind": func(f []checkpoint.HandleAndLocalPath) {
			f[1].Handle = &checkpoint.RelativeFileStateHandle{RelativePath: handle(f, 1).Path, Size: handle(f, 1).Size}
		},
	} {
		t.Run(name, func(t *testing.T) {
			fresh := incremental()
			data, err := metadata.Encode(fresh, nil)
			if err != nil {
				t.Fatal(err)
			}
			read, err := metadata.Decode(bytes.Clone(data), nil)
			if err != nil {
				t.Fatal(err)
			}
			change(sharedFiles(fresh))
			change(sharedFiles(read))
			want, err := metadata.Encode(fresh, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := metadata.Encode(read, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("wrote\n% x, want\n% x", got, want)
			}
			if name != "nothing" && bytes.Equal(got, data) {
				t.Error("the change is not written")
			}
		})
	}
}
