package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// uploads is a store that takes objects from where they are, and no other way. It fails
// before that or after.
type uploads struct {
	mem.Backend
	before, after func() error
	calls         int
	deleted       int
}

func (u *uploads) Create(context.Context, string, *backend.CreateOptions) (backend.Writer, error) {
	return nil, errors.New("a stream was begun for what lies in a file")
}

func (u *uploads) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	if u.calls++; opts != nil && opts.IfAbsent {
		return errors.New("a condition that costs a request was made")
	}
	if u.before != nil {
		if err := u.before(); err != nil {
			return err
		}
	}
	if err := backend.Upload(ctx, &u.Backend, key, opts, r, size); err != nil || u.after == nil {
		return err
	}
	return u.after()
}

func (u *uploads) Delete(ctx context.Context, key string) error {
	u.deleted++
	return u.Backend.Delete(ctx, key)
}

// numbered is content in which no two pieces are the same.
func numbered(size int) *bytes.Reader {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		b.Write([]byte{byte(i >> 8), byte(i)})
	}
	return bytes.NewReader(b.Bytes()[:size])
}

// Whether state is written or uploaded, the same becomes of it: handles of the same
// kind, name and size, in the same directories.
func TestUploadedStateIsAsWritten(t *testing.T) {
	for _, directory := range []string{"far://b/ck", "far://b/_entropy_/ck"} {
		for _, threshold := range []int{-1, 0, 100} {
			access := func(b backend.Backend) *storage.CheckpointStorageAccess {
				a, err := over(t, b).CreateCheckpointStorage(t.Context(), job(), directory, &storage.AccessOptions{
					AllowVolatile: true, InlineThreshold: threshold, EntropyKey: "_entropy_"})
				must(t, err)
				return a
			}
			var streamed mem.Backend
			var uploaded uploads
			a, b := access(&streamed), access(&uploaded)
			for _, size := range []int{0, 1, 100, 101, storage.DefaultInlineThreshold, large, 3 * large} {
				for _, scope := range []storage.CheckpointedStateScope{storage.ExclusiveState, storage.SharedState} {
					written := write(t, locationOf(t, a, 3).CreateCheckpointStateOutputStream(t.Context(), scope), size)
					handle, err := locationOf(t, b, 3).UploadState(t.Context(), scope, bytes.NewReader(make([]byte, size)), int64(size))
					must(t, err)
					if got, want := anonymous(handle), anonymous(written); !reflect.DeepEqual(got, want) {
						t.Errorf("%s, threshold %d, %d bytes, %v: the handle is %+v, that of a stream %+v", directory, threshold, size, scope, got, want)
					}
				}
			}
			if got, want := randomless(keysOf(t, &uploaded.Backend)), randomless(keysOf(t, &streamed)); got != want || uploaded.calls == 0 {
				t.Errorf("%s, threshold %d: uploaded\n%s\nwritten\n%s", directory, threshold, got, want)
			}
		}
	}
}

// anonymous returns a handle without what is random in it.
func anonymous(handle checkpoint.StreamStateHandle) any {
	switch h := handle.(type) {
	case *checkpoint.ByteStreamStateHandle:
		return checkpoint.ByteStreamStateHandle{HandleName: randomless([]string{h.HandleName}), Data: h.Data}
	case *checkpoint.FileStateHandle:
		return checkpoint.FileStateHandle{Path: randomless([]string{h.Path}), Size: h.Size}
	case *checkpoint.RelativeFileStateHandle:
		return checkpoint.RelativeFileStateHandle{RelativePath: randomless([]string{h.RelativePath}), Size: h.Size}
	}
	return handle
}

var entropies = regexp.MustCompile(`(^|//b/)[0-9a-zA-Z]{4}/ck`)

func randomless(keys []string) string {
	for i, key := range keys {
		keys[i] = entropies.ReplaceAllString(key, "$1<4>/ck")
	}
	return masked(keys)
}

// Of a file on disk as much becomes state as is asked for.
func TestAFileBecomesState(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "000042.sst"), []byte(strings.Repeat("0123456789", 5000)), 0o666))
	sst, err := os.Open(filepath.Join(dir, "000042.sst"))
	must(t, err)
	defer sst.Close()
	var store uploads
	l := locationOf(t, access(t, &store, nil), 3)
	for size, kind := range map[int64]string{0: "nothing", 7: "inline", large: "relative", 50000: "relative"} {
		handle, err := l.UploadState(t.Context(), storage.ExclusiveState, sst, size)
		must(t, err)
		if kindOf(handle) != kind || handle != nil && handle.StateSize() != size {
			t.Errorf("%d bytes are %s, want %s", size, kindOf(handle), kind)
		}
		if kind != "relative" {
			continue
		}
		r, err := store.Open(t.Context(), jobDir+"/chk-3/"+handle.(*checkpoint.RelativeFileStateHandle).RelativePath, nil)
		if got := drain(t, r, err); got != strings.Repeat("0123456789", 5000)[:size] {
			t.Errorf("%d bytes became another %d", size, len(got))
		}
	}
}

// An error leaves nothing, even if the file had been made when the answer was lost.
func TestFailedUploadsLeaveNothing(t *testing.T) {
	broken := func() error { return errBroken }
	for name, test := range map[string]struct {
		store *uploads
		r     io.ReaderAt
		size  int64
		kind  error
	}{
		"the request":       {&uploads{before: broken}, numbered(large), large, errBroken},
		"the answer":        {&uploads{after: broken}, numbered(large), large, errBroken},
		"the file is short": {&uploads{}, numbered(large), large + 1, io.ErrUnexpectedEOF},
		"it is very short":  {&uploads{}, numbered(4), 5, io.ErrUnexpectedEOF},
		"it is empty":       {&uploads{}, numbered(0), 5, io.ErrUnexpectedEOF},
		"the file breaks":   {&uploads{}, brokenFile{}, large, errBroken},
		"a small one, too":  {&uploads{}, brokenFile{}, 5, errBroken},
		"no size":           {&uploads{}, numbered(4), -1, fs.ErrInvalid},
	} {
		l := locationOf(t, access(t, test.store, nil), 3)
		handle, err := l.UploadState(t.Context(), storage.SharedState, test.r, test.size)
		if handle != nil || !errors.Is(err, test.kind) || !strings.Contains(err.Error(), "upload state far://b/"+jobDir+"/shared/") {
			t.Errorf("%s: %v, %v", name, handle, err)
		}
		if keys := keysOf(t, &test.store.Backend); len(keys) > 0 {
			t.Errorf("%s: left %v", name, keys)
		}
	}
}

type brokenFile struct{}

func (brokenFile) ReadAt([]byte, int64) (int, error) { return 0, errBroken }

// Once the context has ended nothing is changed, not even to clean up.
func TestAnUploadWhoseContextEndedAsksNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	store := &uploads{after: func() error { cancel(); return ctx.Err() }}
	_, err := locationOf(t, access(t, store, nil), 3).UploadState(ctx, storage.SharedState, numbered(large), large)
	if !errors.Is(err, context.Canceled) || store.deleted != 0 {
		t.Errorf("%v, and %d deletions", err, store.deleted)
	}
}

// Who cannot report its handles takes the state back, be it written or uploaded, inline
// or not, wherever entropy has put it; the state of others stays.
func TestWorkersDiscardWhatTheyCannotReport(t *testing.T) {
	var store mem.Backend
	for _, a := range []*storage.CheckpointStorageAccess{access(t, &store, nil), entropic(t, &store, "far://b")} {
		write(t, locationOf(t, a, 2).CreateCheckpointStateOutputStream(t.Context(), storage.SharedState), large)
		before := keysOf(t, &store)
		streams, err := a.ResolveCheckpointStorageLocation(t.Context(), 3, storage.CheckpointStorageLocationReference{})
		must(t, err)
		var own []checkpoint.StreamStateHandle
		for _, scope := range []storage.CheckpointedStateScope{storage.ExclusiveState, storage.SharedState} {
			own = append(own, write(t, streams.CreateCheckpointStateOutputStream(t.Context(), scope), large))
			for _, size := range []int{0, 1, large} {
				handle, err := streams.UploadState(t.Context(), scope, numbered(size), int64(size))
				must(t, err)
				own = append(own, handle)
			}
		}
		if n := len(keysOf(t, &store)); n != len(before)+4 {
			t.Errorf("%d files came", n-len(before))
		}
		for range 2 {
			must(t, streams.DiscardStates(t.Context(), own))
		}
		sameLines(t, strings.Join(keysOf(t, &store), "\n"), strings.Join(before, "\n"))
		if err := streams.DiscardStates(t.Context(), []checkpoint.StreamStateHandle{file("far://b/other/x", 1)}); !errors.Is(err, storage.ErrOutsideAllowed) {
			t.Errorf("discarded elsewhere: %v", err)
		}
	}
}
