package integration_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"reflect"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/storage"
)

// testState opens and downloads every handle of every snapshot in every place, and
// compares the bytes with those of testdata, found without any of our code. The files
// that are needed for that must be those that Flink says there are.
func testState(t *testing.T, all []place) {
	for _, c := range flinkCases(t) {
		onDisk := c.files(t)
		for _, snapshot := range c.Snapshots {
			for _, p := range all {
				t.Run(p.name+"/"+c.name+"/"+snapshot.Pointer, func(t *testing.T) {
					location, err := p.open(t, &c).ResolveCheckpoint(t.Context(), p.pointer(&c, snapshot.Pointer))
					if err != nil {
						t.Fatal(err)
					}
					defer location.Close()
					checkState(t, &c, onDisk, snapshot, location)
				})
			}
		}
	}
}

func checkState(t *testing.T, c *flinkCase, onDisk map[string][]byte, snapshot flinkSnapshot, location storage.CompletedCheckpointStorageLocation) {
	t.Helper()
	data, err := location.ReadMetadata(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, onDisk[snapshot.Pointer+"/_metadata"]) {
		t.Fatal("the metadata is not the file on disk")
	}
	file, err := metadata.Decode(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, handle := range streamHandles(file.Metadata) {
		name, want, err := c.expect(onDisk, snapshot.Pointer, handle)
		if err != nil {
			t.Fatal(err)
		}
		seen[name] = true
		if got, err := readState(t.Context(), location, handle); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%T of %s has %d bytes, %v; the file on disk has %d", handle, name, len(got), err, len(want))
		}
		if got, err := downloadState(t.Context(), location, handle, len(want)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("downloading %T of %s: %v", handle, name, err)
		}
	}
	for _, f := range snapshot.Files {
		if name := strings.TrimPrefix(f.Path, c.MadeAt+"/"); !seen[name] {
			t.Errorf("Flink says that the snapshot needs %s; no handle led there", name)
		}
	}
}

func readState(ctx context.Context, location storage.CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle) ([]byte, error) {
	r, err := location.OpenState(ctx, handle)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// downloadState returns what comes into room for so many bytes, and no more.
func downloadState(ctx context.Context, location storage.CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle, size int) ([]byte, error) {
	into := make(room, size)
	n, err := storage.DownloadState(ctx, location, handle, into)
	return into[:n], err
}

type room []byte

func (r room) WriteAt(p []byte, at int64) (int, error) {
	if n := copy(r[at:], p); n < len(p) {
		return n, io.ErrShortWrite
	}
	return len(p), nil
}

// expect returns the name of the file that a handle leads to, below the case's
// directory, and the bytes that it stands for.
func (c *flinkCase) expect(onDisk map[string][]byte, pointer string, handle checkpoint.StreamStateHandle) (name string, data []byte, err error) {
	switch h := handle.(type) {
	case *checkpoint.ByteStreamStateHandle:
		return "", h.Data, nil
	case *checkpoint.EmptySegmentFileStateHandle:
		return "", nil, nil
	case *checkpoint.FileStateHandle:
		name = strings.TrimPrefix(h.Path, c.MadeAt+"/")
		data = onDisk[name]
	case *checkpoint.RelativeFileStateHandle:
		name = path.Join(pointer, h.RelativePath)
		data = onDisk[name]
	case *checkpoint.SegmentFileStateHandle:
		name = strings.TrimPrefix(h.PhysicalPath, c.MadeAt+"/")
		data = onDisk[name][h.StartPos : h.StartPos+h.Size]
	default:
		return "", nil, fmt.Errorf("a handle %T that this test does not know", handle)
	}
	if _, there := onDisk[name]; !there {
		return "", nil, fmt.Errorf("%s has no file %s", c.name, name)
	}
	return name, data, nil
}

// streamHandles returns every handle on bytes in a value, however deep. It looks
// at the values themselves, so it does not matter where a handle may stand.
func streamHandles(v any) []checkpoint.StreamStateHandle {
	var found []checkpoint.StreamStateHandle
	findHandles(reflect.ValueOf(v), func(handle checkpoint.StreamStateHandle) { found = append(found, handle) })
	return found
}

func findHandles(v reflect.Value, yield func(checkpoint.StreamStateHandle)) {
	switch v.Kind() {
	case reflect.Pointer:
		if leaf, ok := v.Interface().(checkpoint.StreamStateHandle); ok && isLeaf(leaf) && !v.IsNil() {
			yield(leaf)
		} else if !v.IsNil() {
			findHandles(v.Elem(), yield)
		}
	case reflect.Interface:
		if !v.IsNil() {
			findHandles(v.Elem(), yield)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			findHandles(v.Field(i), yield)
		}
	case reflect.Slice:
		for i := range v.Len() {
			findHandles(v.Index(i), yield)
		}
	}
}

// isLeaf says whether the handle stands for bytes itself; one on key groups does
// for those of its delegate.
func isLeaf(handle checkpoint.StreamStateHandle) bool {
	_, keyed := handle.(*checkpoint.KeyGroupsStateHandle)
	return !keyed
}
