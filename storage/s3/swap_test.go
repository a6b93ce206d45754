package s3_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// A swap succeeds for who has seen what is there, and for nobody else, also if the
// content is the same again.
func TestSwap(t *testing.T) {
	f := newFake(t)
	b := f.open(s3.Options{})
	first, err := b.Swap(t.Context(), "k", "", []byte("a"))
	check(t, err, nil, "")
	if info, err := b.Stat(t.Context(), "k"); err != nil || info.Version != first {
		t.Errorf("Stat tells %q, %v; Swap told %q", info.Version, err, first)
	}
	_, err = b.Swap(t.Context(), "k", "", []byte("b"))
	check(t, err, backend.ErrChanged, "")
	second, err := b.Swap(t.Context(), "k", first, []byte("b"))
	check(t, err, nil, "")
	third, err := b.Swap(t.Context(), "k", second, []byte("a"))
	check(t, err, nil, "")
	if third == first {
		t.Error("two contents share a version")
	}
	_, err = b.Swap(t.Context(), "k", first, []byte("c"))
	check(t, err, backend.ErrChanged, "")
	check(t, b.Delete(t.Context(), "k"), nil, "")
	_, err = b.Swap(t.Context(), "k", third, []byte("c"))
	check(t, err, backend.ErrChanged, "")
}

// A swap whose answer was lost, and whose repetition was refused for that, has
// happened; and one that another was quicker than has not.
func TestSwapSettles(t *testing.T) {
	for name, test := range map[string]struct {
		faults []answer
		want   error
	}{
		"lost":              {faults: []answer{lost}},
		"lost, then denied": {faults: []answer{lost, says(403, "AccessDenied")}},
		"another was first": {faults: []answer{says(412, "PreconditionFailed")}, want: backend.ErrChanged},
		"conflict":          {faults: []answer{says(409, "ConditionalRequestConflict"), says(409, "ConditionalRequestConflict"), says(409, "ConditionalRequestConflict")}, want: backend.ErrChanged},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			b := f.open(s3.Options{})
			old, err := b.Swap(t.Context(), "k", "", []byte("a"))
			check(t, err, nil, "")
			f.faults(test.faults...)
			version, err := b.Swap(t.Context(), "k", old, []byte("b"))
			check(t, err, test.want, "")
			if test.want != nil {
				return
			}
			if info, err := b.Stat(t.Context(), "k"); err != nil || info.Version != version {
				t.Errorf("Stat tells %q, %v; Swap told %q", info.Version, err, version)
			}
		})
	}
}

// The token that a swap writes is a condition of its own: an entity tag alone does
// not tell a content from the same content later.
func TestSwapLooksBeyondTheTag(t *testing.T) {
	f := newFake(t)
	b := f.open(s3.Options{})
	old, err := b.Swap(t.Context(), "k", "", []byte("a"))
	check(t, err, nil, "")
	f.objects["k"] = object{data: []byte("a"), token: "another's"}
	_, err = b.Swap(t.Context(), "k", old, []byte("b"))
	check(t, err, backend.ErrChanged, "")
	_, err = b.Open(t.Context(), "k", &backend.OpenOptions{Version: old})
	check(t, err, backend.ErrChanged, "")
}

// A version id of the store is a mark as well as our token.
func TestVersionID(t *testing.T) {
	f := newFake(t)
	var n atomic.Int32
	f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method == http.MethodPut {
			n.Add(1)
		}
		w.Header().Set("X-Amz-Version-Id", string('a'+n.Load()))
		return false
	}
	b := f.open(s3.Options{})
	version, err := b.Swap(t.Context(), "k", "", []byte("x"))
	check(t, err, nil, "")
	if want := etag([]byte("x")) + " b"; version != want {
		t.Errorf("version %q, want %q", version, want)
	}
	r, err := b.Open(t.Context(), "k", &backend.OpenOptions{Version: version})
	check(t, err, nil, "")
	check(t, r.Close(), nil, "")
	check(t, write(t.Context(), b, "k", []byte("x"), nil), nil, "")
	_, err = b.Open(t.Context(), "k", &backend.OpenOptions{Version: version})
	check(t, err, backend.ErrChanged, "")
}
