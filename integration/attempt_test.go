package integration_test

import (
	"io"
	"path"
	"reflect"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
)

// attempt is a savepoint that fits its job, with a directory of its own in a
// place, and whatever somebody then breaks.
type attempt struct {
	t        *testing.T
	p        place
	c        flinkCase
	dir      string // in the bucket: "attempts/…"
	snapshot flinkSnapshot
	vertices []job.Vertex
	metadata []byte
}

func newAttempt(t *testing.T, p place, c flinkCase) *attempt {
	t.Helper()
	snapshot := c.Snapshots[0]
	return &attempt{
		t: t, p: p, c: c,
		dir:      path.Join("attempts", strings.ReplaceAll(t.Name(), " ", "-"), "savepoint"),
		snapshot: snapshot,
		vertices: c.vertices(t, same),
		metadata: c.files(t)[snapshot.Pointer+"/_metadata"],
	}
}

// at returns the pointer to something in the attempt's directory.
func (a *attempt) at(name string) string { return a.p.root + "/" + path.Join(a.dir, name) }

// put has the witness write a file there, and returns the pointer to it.
func (a *attempt) put(name string, data []byte) string {
	a.t.Helper()
	if err := a.p.witness.Put(a.t.Context(), bucket, path.Join(a.dir, name), data); err != nil {
		a.t.Fatal(err)
	}
	return a.at(name)
}

// savepoint returns the pointer to the savepoint as Flink made it.
func (a *attempt) savepoint() string { return a.p.pointer(&a.c, a.snapshot.Pointer) }

// savepointWith has the witness write a copy of the savepoint with its state files
// changed, and returns the pointer to it.
func (a *attempt) savepointWith(change func(state []byte) []byte) string {
	a.t.Helper()
	for name, data := range a.c.files(a.t) {
		if name, ok := strings.CutPrefix(name, a.snapshot.Pointer+"/"); ok && name != "_metadata" {
			a.put(name, change(data))
		}
	}
	return a.put("_metadata", a.metadata)
}

// leadingTo returns the metadata with each handle on a file replaced.
func (a *attempt) leadingTo(handle checkpoint.StreamStateHandle) []byte {
	a.t.Helper()
	file, err := metadata.Decode(a.metadata, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	replaced := 0
	replaceFiles(reflect.ValueOf(file.Operators), reflect.ValueOf(handle), &replaced)
	data, err := metadata.Encode(file, nil)
	if err != nil || replaced == 0 {
		a.t.Fatalf("%d handles replaced, %v", replaced, err)
	}
	return data
}

func replaceFiles(v, handle reflect.Value, replaced *int) {
	switch v.Kind() {
	case reflect.Interface:
		if _, file := v.Interface().(*checkpoint.RelativeFileStateHandle); file {
			v.Set(handle)
			*replaced++
			return
		}
		replaceFiles(v.Elem(), handle, replaced)
	case reflect.Pointer:
		replaceFiles(v.Elem(), handle, replaced)
	case reflect.Struct:
		for i := range v.NumField() {
			replaceFiles(v.Field(i), handle, replaced)
		}
	case reflect.Slice:
		for i := range v.Len() {
			replaceFiles(v.Index(i), handle, replaced)
		}
	}
}

// restore restores from the pointer and reads all state.
func (a *attempt) restore(pointer string) error {
	a.t.Helper()
	st := a.p.openWith(a.t, new(storage.Options))
	restored, err := newTracedJob(a.t, newJob(a.t, a.vertices), st, a.snapshot).coordinator.RestoreSavepoint(
		a.t.Context(), coordinator.SavepointRestoreSettings{Path: pointer})
	if err != nil {
		return err
	}
	for _, vertex := range restored.Assignment.Vertices {
		for _, operator := range vertex.Operators {
			for _, handle := range streamHandles(operator.State) {
				if err := a.read(restored, handle); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (a *attempt) read(restored *coordinator.Restored, handle checkpoint.StreamStateHandle) error {
	r, err := restored.Open(a.t.Context(), handle)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(io.Discard, r)
	return err
}
