package storage_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

func file(path string, size int64) *checkpoint.FileStateHandle {
	return &checkpoint.FileStateHandle{Path: path, Size: size}
}

func relative(path string, size int64) *checkpoint.RelativeFileStateHandle {
	return &checkpoint.RelativeFileStateHandle{RelativePath: path, Size: size}
}

func segment(path string, start, size int64) *checkpoint.SegmentFileStateHandle {
	return &checkpoint.SegmentFileStateHandle{PhysicalPath: path, StartPos: start, Size: size}
}

// stateStore is a job with a checkpoint whose files hold ten digits.
func stateStore(t *testing.T) *probe {
	p := newProbe(t, "job/chk-7/_metadata")
	for _, key := range []string{"job/chk-7/data", "job/chk-7/sub/data", "job/shared/s", "job/taskowned/t", "job/dstl/c",
		"job/chk-6/old", "other/x", "job/sharedness"} {
		p.put(t, key, "0123456789")
	}
	return p
}

func TestOpenState(t *testing.T) {
	tests := []struct {
		name           string
		handle         checkpoint.StreamStateHandle
		offset, length int64
		want           string
		asked          string
	}{
		{"inline", &checkpoint.ByteStreamStateHandle{Data: []byte("abcdef")}, 0, 0, "abcdef", ""},
		{"inline, a part", &checkpoint.ByteStreamStateHandle{Data: []byte("abcdef")}, 2, 3, "cde", ""},
		{"inline, from its end", &checkpoint.ByteStreamStateHandle{Data: []byte("abc")}, 3, 3, "", ""},
		{"inline, nothing", &checkpoint.ByteStreamStateHandle{}, 0, 0, "", ""},
		{"relative", relative("data", 10), 0, 0, "0123456789", "open job/chk-7/data"},
		{"relative, below", relative("sub/data", 10), 0, 0, "0123456789", "open job/chk-7/sub/data"},
		{"relative, a part", relative("data", 10), 4, 2, "45", "open job/chk-7/data"},
		{"file", file("s3://b/job/shared/s", 10), 0, 0, "0123456789", "open job/shared/s"},
		{"file under an alias", file("s3a://b/job/shared/s", 10), 0, 0, "0123456789", "open job/shared/s"},
		{"file of unknown size", file("s3://b/job/shared/s", -1), 8, 0, "89", "open job/shared/s"},
		{"file, from its end", file("s3://b/job/shared/s", 10), 10, 0, "", "open job/shared/s"},
		{"file, across its end", file("s3://b/job/shared/s", 10), 8, 5, "89", "open job/shared/s"},
		{"segment", segment("s3://b/job/taskowned/t", 3, 4), 0, 0, "3456", "open job/taskowned/t"},
		{"segment, a part", segment("s3://b/job/taskowned/t", 3, 4), 1, 2, "45", "open job/taskowned/t"},
		{"segment, across its end", segment("s3://b/job/taskowned/t", 3, 4), 2, 9, "56", "open job/taskowned/t"},
		{"segment, from its end", segment("s3://b/job/taskowned/t", 3, 4), 4, 9, "", ""},
		{"segment of nothing", segment("s3://b/job/taskowned/t", 3, 0), 0, 0, "", ""},
		{"empty segment", &checkpoint.EmptySegmentFileStateHandle{}, 0, 0, "", ""},
		{"key groups", &checkpoint.KeyGroupsStateHandle{Delegate: relative("data", 10)}, 7, 0, "789", "open job/chk-7/data"},
	}
	p := stateStore(t)
	location := resolve(t, newStorage(t, p, nil), "s3://b/job/chk-7")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p.requests()
			state, err := storage.OpenStateRange(t.Context(), location, test.handle, test.offset, test.length)
			if got := drain(t, state, err); got != test.want {
				t.Errorf("read %q, want %q", got, test.want)
			}
			if asked := p.requests(); asked != test.asked {
				t.Errorf("asked %q, want %q", asked, test.asked)
			}
			// Whoever implements a location without ranges gets the same by reading on.
			state, err = storage.OpenStateRange(t.Context(), rangeless{location}, test.handle, test.offset, test.length)
			if got := drain(t, state, err); got != test.want {
				t.Errorf("without ranges: read %q, want %q", got, test.want)
			}
		})
	}
}

// TestOffsetsOutside: who begins to read behind the end follows damaged metadata, and
// would take state that is lost for state that is empty.
func TestOffsetsOutside(t *testing.T) {
	p := stateStore(t)
	location := resolve(t, newStorage(t, p, nil), "s3://b/job/chk-7")
	for _, test := range []struct {
		handle checkpoint.StreamStateHandle
		offset int64
		says   string
	}{
		{&checkpoint.ByteStreamStateHandle{Data: []byte("abc")}, 4, "byte 4 of state in the metadata itself, which has 3 bytes"},
		{file("s3://b/job/shared/s", 10), 11, `byte 11 of "s3://b/job/shared/s", which has 10 bytes`},
		{relative("data", 10), math.MaxInt64, `of "data", which has 10 bytes`},
		{segment("s3://b/job/taskowned/t", 3, 4), 5, `byte 5 of a segment of "s3://b/job/taskowned/t", at 3, which has 4 bytes`},
		{&checkpoint.EmptySegmentFileStateHandle{}, 1, "which has 0 bytes"},
		{&checkpoint.KeyGroupsStateHandle{Delegate: relative("data", 10)}, 4000, `byte 4000 of "data", which has 10 bytes`},
	} {
		p.requests()
		_, err := storage.OpenStateRange(t.Context(), location, test.handle, test.offset, 0)
		if !errors.Is(err, storage.ErrOutsideState) || !strings.Contains(err.Error(), test.says) || p.requests() != "" {
			t.Errorf("at %d of %T: %v, want %q", test.offset, test.handle, err, test.says)
		}
		if _, err := storage.OpenStateRange(t.Context(), rangeless{location}, test.handle, test.offset, 0); !errors.Is(err, storage.ErrOutsideState) {
			t.Errorf("without ranges, at %d of %T: %v", test.offset, test.handle, err)
		}
	}
	// Flink counts the bytes of changelogs before it compresses them, and does not know
	// the size of every file.
	for _, handle := range []checkpoint.StreamStateHandle{file("s3://b/job/dstl/c", 3), file("s3://b/job/shared/s", -1)} {
		state, err := storage.OpenStateRange(t.Context(), location, handle, 8, 0)
		if got := drain(t, state, err); got != "89" {
			t.Errorf("%+v: read %q", handle, got)
		}
	}
}

// rangeless is a location that cannot open ranges.
type rangeless struct {
	storage.CompletedCheckpointStorageLocation
}

func TestStateThatCannotBeOpened(t *testing.T) {
	tests := []struct {
		name   string
		handle checkpoint.StreamStateHandle
		kind   error
		says   string
	}{
		{"no handle", nil, nil, "no handle"},
		{"key groups of nothing", &checkpoint.KeyGroupsStateHandle{}, nil, "no handle"},
		{"a path that is none", file("a:b", 1), storage.ErrInvalidPointer, `"a:b"`},
		{"a negative segment", segment("s3://b/job/taskowned/t", -1, 4), nil, "damaged"},
		{"a segment beyond all files", segment("s3://b/job/taskowned/t", math.MaxInt64-1, 4), nil, "damaged"},
		{"a deleted file", relative("gone", 3), fs.ErrNotExist, `"s3://b/job/chk-7/gone"`},
		{"a truncated file", relative("data", 11), storage.ErrTruncated, "at least 11 bytes, it has 10"},
		{"a truncated segment", segment("s3://b/job/taskowned/t", 8, 3), storage.ErrTruncated, "at least 11 bytes, it has 10"},
		{"another scheme", file("gs://b/job/shared/s", 10), storage.ErrOutsideAllowed, "gs://b/job/shared/s"},
	}
	location := resolve(t, newStorage(t, stateStore(t), nil), "s3://b/job/chk-7")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, opened := location.OpenState(t.Context(), test.handle)
			_, downloaded := download(t, location, test.handle)
			for _, err := range []error{opened, downloaded} {
				if err == nil || !strings.Contains(err.Error(), test.says) || test.kind != nil && !errors.Is(err, test.kind) {
					t.Errorf("%v; want %v, saying %q", err, test.kind, test.says)
				}
				if err != nil && !strings.Contains(err.Error(), "s3://b/job/chk-7/_metadata") {
					t.Errorf("does not name the checkpoint: %v", err)
				}
			}
		})
	}
	if _, err := storage.OpenStateRange(t.Context(), location, relative("data", 10), -1, 0); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a negative offset: %v", err)
	}
}

// A store may also promise the bytes and not send them.
func TestAStreamThatEndsEarlyIsTold(t *testing.T) {
	p := stateStore(t)
	location := resolve(t, newStorage(t, p, nil), "s3://b/job/chk-7")
	p.reader = func(_ context.Context, r backend.Reader) backend.Reader { return altered{r, io.LimitReader(r, 4), 10} }
	for _, handle := range []checkpoint.StreamStateHandle{relative("data", 10), segment("s3://b/job/taskowned/t", 2, 7)} {
		state, err := location.OpenState(t.Context(), handle)
		must(t, err)
		data, err := io.ReadAll(state)
		if len(data) != 4 || !errors.Is(err, storage.ErrTruncated) || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), `read state "s3://b/job/`) {
			t.Errorf("read %q, %v", data, err)
		}
		must(t, state.Close())
	}
}

// Flink's sizes of changelog files are not those of the files: one less for the
// flag in front, or the size before compression.
func TestSizesOfChangelogFilesAreNotBelieved(t *testing.T) {
	location := resolve(t, newStorage(t, stateStore(t), nil), "s3://b/job/chk-7")
	for _, size := range []int64{9, 4000} {
		state, err := location.OpenState(t.Context(), file("s3://b/job/dstl/c", size))
		if got := drain(t, state, err); got != "0123456789" {
			t.Errorf("size %d: read %q", size, got)
		}
	}
}

func TestOpenStateIsCancelled(t *testing.T) {
	location := resolve(t, newStorage(t, stateStore(t), nil), "s3://b/job/chk-7")
	ctx, cancel := context.WithCancel(t.Context())
	state, err := location.OpenState(ctx, relative("data", 10))
	must(t, err)
	cancel()
	if _, err := io.ReadAll(state); !errors.Is(err, context.Canceled) {
		t.Errorf("reading after the context ended: %v", err)
	}
	must(t, state.Close())
	if _, err := location.OpenState(ctx, relative("data", 10)); !errors.Is(err, context.Canceled) {
		t.Errorf("opening with a done context: %v", err)
	}
}
