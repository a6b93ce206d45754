package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
)

// keyed is state of key groups from 40 on.
func keyed(delegate checkpoint.StreamStateHandle, offsets ...int64) *checkpoint.KeyGroupsStateHandle {
	return &checkpoint.KeyGroupsStateHandle{
		Range: checkpoint.KeyGroupRange{Start: 40, Count: int32(len(offsets))}, Offsets: offsets, Delegate: delegate,
	}
}

func TestKeyGroupRanges(t *testing.T) {
	data := relative("data", 10)
	cut := restore.Intersect(keyed(data, 0, 3, 5, 9), checkpoint.KeyGroups(41, 42)).(*checkpoint.KeyGroupsStateHandle)
	for _, test := range []struct {
		handle *checkpoint.KeyGroupsStateHandle
		want   string
	}{
		{keyed(data), "[]"},
		{keyed(data, 2), "[{2 8}]"},
		{keyed(data, 0, 3, 7), "[{0 3} {3 4} {7 3}]"},
		{keyed(data, 7, 0, 3), "[{7 3} {0 3} {3 4}]"},
		{keyed(data, -1, 2, -1, 5), "[{0 0} {2 3} {0 0} {5 5}]"},
		{keyed(data, 2, 2, 10, 10), "[{2 0} {2 8} {10 0} {10 0}]"},
		{cut, "[{3 2} {5 5}]"}, // the last takes in what follows
		{keyed(&checkpoint.ByteStreamStateHandle{Data: []byte("abc")}, 0, 1), "[{0 1} {1 2}]"},
		{keyed(segment("s3://b/x", 100, 10), 2), "[{2 8}]"},
		{keyed(&checkpoint.EmptySegmentFileStateHandle{}, 0), "[{0 0}]"},
	} {
		if got, err := storage.KeyGroupRanges(test.handle); err != nil || fmt.Sprint(got) != test.want {
			t.Errorf("%v: %v, %v, want %s", test.handle.Offsets, got, err, test.want)
		}
	}
}

func TestKeyGroupsOutside(t *testing.T) {
	for says, h := range map[string]*checkpoint.KeyGroupsStateHandle{
		`key group 41 begins at byte 4000 of "data", which has 8 bytes`:                        keyed(relative("data", 8), 0, 4000),
		`key group 40 begins at byte -2 of "data", which has 8 bytes`:                          keyed(relative("data", 8), -2, 3),
		"key group 40 begins at byte 4 of state in the metadata itself":                        keyed(&checkpoint.ByteStreamStateHandle{Data: []byte("abc")}, 4),
		`key group 40 begins at byte 11 of a segment of "s3://b/x", at 100, which has 10`:      keyed(segment("s3://b/x", 100, 10), 11),
		`key group 40 begins at byte 9 of "s3://me:…@b/x", which has 8 bytes; restore another`: keyed(file("s3://me:secret@b/x", 8), 9),
	} {
		if got, err := storage.KeyGroupRanges(h); !errors.Is(err, storage.ErrOutsideState) || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, %v, want %s", got, err, says)
		}
	}
	short := keyed(relative("data", 8), 0, 1)
	short.Range.Count = 3
	for _, h := range []*checkpoint.KeyGroupsStateHandle{short, keyed(file("s3://b/x", -1), 0)} {
		if got, err := storage.KeyGroupRanges(h); err == nil || errors.Is(err, storage.ErrOutsideState) {
			t.Errorf("%v, %v", got, err)
		}
	}
}

// TestKeyGroupsThatFlinkWrote reads each key group of all full snapshots that real
// Flink wrote for us, changelogs' among them: managed state of the hash map and of
// RocksDB, compressed state, inline state, raw state.
func TestKeyGroupsThatFlinkWrote(t *testing.T) {
	groups := 0
	for _, snapshot := range snapshots(t) {
		t.Run(snapshot.name, func(t *testing.T) {
			s := newLocalStorage(t, &storage.Options{Relocate: []storage.Relocation{{From: snapshot.madeAt, To: snapshot.dir}}})
			location := resolve(t, s, snapshot.pointer)
			for _, h := range fullSnapshots(t, location) {
				ranges, err := storage.KeyGroupRanges(h)
				must(t, err)
				for part, err := range storage.ReadStateRanges(t.Context(), location, h.Delegate, ranges, nil) {
					must(t, err)
					got, err := part.Bytes()
					must(t, err)
					if int64(len(got)) != ranges[part.Index].Length {
						t.Errorf("key group %d has %d bytes", h.Range.Start+int32(part.Index), len(got))
					}
					groups++
				}
			}
		})
	}
	if groups < 1000 {
		t.Errorf("found %d key groups; there must be more", groups)
	}
}

func fullSnapshots(t *testing.T, location storage.CompletedCheckpointStorageLocation) (found []*checkpoint.KeyGroupsStateHandle) {
	t.Helper()
	data, err := location.ReadMetadata(t.Context())
	must(t, err)
	decoded, err := metadata.Decode(data, nil)
	must(t, err)
	for _, operator := range decoded.Operators {
		for _, subtask := range operator.Subtasks {
			if subtask.State != nil {
				found = append(found, fullOf(subtask.State.ManagedKeyedState)...)
				found = append(found, fullOf(subtask.State.RawKeyedState)...)
			}
		}
	}
	return found
}

func fullOf(h checkpoint.KeyedStateHandle) (found []*checkpoint.KeyGroupsStateHandle) {
	switch h := h.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		return []*checkpoint.KeyGroupsStateHandle{h}
	case *checkpoint.ChangelogStateBackendHandle:
		for _, part := range h.Materialized {
			found = append(found, fullOf(part)...)
		}
	}
	return found
}
