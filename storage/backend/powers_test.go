package backend_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// bare hides every power of a backend: only the five verbs are left.
type bare struct{ verbs }

type verbs = backend.Backend

func put(t *testing.T, b backend.Backend, key, content string) {
	t.Helper()
	w, err := b.Create(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, b backend.Backend, key string) string {
	t.Helper()
	r, err := b.Open(t.Context(), key, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestFiveVerbsAreEnough(t *testing.T) {
	b := bare{new(mem.Backend)}
	put(t, b, "a", "content")

	if err := backend.Copy(t.Context(), b, "a", "b", nil); err != nil || content(t, b, "b") != "content" {
		t.Errorf("copying: %v", err)
	}
	if err := backend.Copy(t.Context(), b, "a", "b", &backend.CreateOptions{IfAbsent: true}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("an exclusive copy over an object gives %v, want fs.ErrExist", err)
	}
	var into buffer
	if info, err := backend.Download(t.Context(), b, "a", &backend.OpenOptions{Offset: 3}, &into); err != nil || string(into) != "tent" || info.Size != 7 {
		t.Errorf("downloading gives %q of %d bytes, %v", into, info.Size, err)
	}
	if err := backend.Upload(t.Context(), b, "c", nil, strings.NewReader("content"), 4); err != nil || content(t, b, "c") != "cont" {
		t.Errorf("uploading: %v", err)
	}
	if err := backend.Upload(t.Context(), b, "d", nil, strings.NewReader("content"), 8); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("uploading more than there is gives %v, want io.ErrUnexpectedEOF", err)
	}
	if _, err := b.Stat(t.Context(), "d"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after an upload that failed Stat gives %v, want fs.ErrNotExist", err)
	}
	if _, err := backend.Swap(t.Context(), b, "a", "", nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("swapping gives %v, want errors.ErrUnsupported", err)
	}
	if _, err := backend.Locate(t.Context(), b, "a", time.Minute); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("locating gives %v, want errors.ErrUnsupported", err)
	}
}

// buffer is an io.WriterAt that grows.
type buffer []byte

func (b *buffer) WriteAt(p []byte, off int64) (int, error) {
	if end := int(off) + len(p); end > len(*b) {
		*b = append(*b, make([]byte, end-len(*b))...)
	}
	return copy((*b)[off:], p), nil
}

func TestDeleteAllGoesOnAfterFailures(t *testing.T) {
	b := &stubborn{Backend: new(mem.Backend), keeps: "chk/17"}
	var keys []string
	for i := range 40 {
		keys = append(keys, fmt.Sprintf("chk/%d", i))
		put(t, b, keys[i], "x")
	}
	err := backend.DeleteAll(t.Context(), b, keys)
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), `"chk/17"`) {
		t.Errorf("the error is %v, want fs.ErrPermission of chk/17", err)
	}
	var left []string
	for info, err := range b.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		left = append(left, info.Key)
	}
	if !reflect.DeepEqual(left, []string{"chk/17"}) {
		t.Errorf("left are %q, want the one that cannot be deleted", left)
	}
}

// stubborn deletes all but one object.
type stubborn struct {
	backend.Backend
	keeps string
}

func (b *stubborn) Delete(ctx context.Context, key string) error {
	if key == b.keeps {
		return &backend.Error{Backend: "stubborn", Op: "delete", Key: key, Err: fs.ErrPermission}
	}
	return b.Backend.Delete(ctx, key)
}

// mighty has every power, and counts who asks for it.
type mighty struct {
	backend.Backend
	asked map[string]int
}

func (m mighty) Limits() backend.Limits { return backend.Limits{MaxKey: 1024} }
func (m mighty) DeleteAll(context.Context, []string) error {
	m.asked["DeleteAll"]++
	return nil
}
func (m mighty) Copy(context.Context, string, string, *backend.CreateOptions) error {
	m.asked["Copy"]++
	return nil
}
func (m mighty) Download(context.Context, string, *backend.OpenOptions, io.WriterAt) (backend.Info, error) {
	m.asked["Download"]++
	return backend.Info{}, nil
}
func (m mighty) Upload(context.Context, string, *backend.CreateOptions, io.ReaderAt, int64) error {
	m.asked["Upload"]++
	return nil
}
func (m mighty) Swap(context.Context, string, string, []byte) (string, error) {
	m.asked["Swap"]++
	return "v", nil
}
func (m mighty) Locate(context.Context, string, time.Duration) (*url.URL, error) {
	m.asked["Locate"]++
	return nil, nil
}

func TestThroughLosesNoPower(t *testing.T) {
	within := mighty{Backend: new(mem.Backend), asked: make(map[string]int)}
	b := backend.Through{Backend: backend.Through{Backend: within}}
	if got, want := backend.LimitsOf(b), backend.LimitsOf(within); got != want || want.NoSwap || want.MaxKey != 1024 {
		t.Errorf("limits are %+v, want %+v", got, want)
	}
	_ = backend.DeleteAll(t.Context(), b, []string{"a"})
	_ = backend.Copy(t.Context(), b, "a", "b", nil)
	_, _ = backend.Download(t.Context(), b, "a", nil, nil)
	_ = backend.Upload(t.Context(), b, "a", nil, nil, 0)
	_, _ = backend.Swap(t.Context(), b, "a", "", nil)
	_, _ = backend.Locate(t.Context(), b, "a", time.Minute)
	for _, power := range []string{"DeleteAll", "Copy", "Download", "Upload", "Swap", "Locate"} {
		if within.asked[power] != 1 {
			t.Errorf("%s was asked for %d times, want once", power, within.asked[power])
		}
	}
}

func TestThroughAddsNoPower(t *testing.T) {
	b := backend.Through{Backend: bare{new(mem.Backend)}}
	if !backend.LimitsOf(b).NoSwap {
		t.Error("a wrapper claims to swap over a backend that cannot")
	}
	if err := backend.Require(b, backend.Swapping); !errors.Is(err, backend.ErrLimited) {
		t.Errorf("requiring it gives %v, want ErrLimited", err)
	}
}

// limited declares limits, and is nothing else.
type limited struct {
	backend.Backend
	limits backend.Limits
}

func (l limited) Limits() backend.Limits { return l.limits }

func TestRequireNamesWhatIsLacking(t *testing.T) {
	all := []backend.Need{backend.ExclusiveCreate, backend.AtomicReplace, backend.ListAfterWrite, backend.Durability, backend.Writing}
	if err := backend.Require(limited{}, all...); err != nil {
		t.Errorf("a store without limits lacks something: %v", err)
	}
	for _, test := range []struct {
		limits backend.Limits
		want   string
	}{
		{backend.Limits{NoExclusiveCreate: true}, "no exclusive creation"},
		{backend.Limits{NoAtomicReplace: true, NoListAfterWrite: true}, "no atomic replacement, no listings"},
		{backend.Limits{Volatile: true}, "no durability"},
		{backend.Limits{ReadOnly: true}, "no writing"},
	} {
		err := backend.Require(limited{limits: test.limits}, all...)
		if !errors.Is(err, backend.ErrLimited) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("limits %+v give %v, want %q", test.limits, err, test.want)
		}
		if errors.Is(err, backend.ErrReadOnly) != test.limits.ReadOnly {
			t.Errorf("limits %+v: error %v is ErrReadOnly wrongly", test.limits, err)
		}
	}
}
