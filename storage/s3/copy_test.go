package s3_test

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// A copy is one request if it can be, and else an upload of copied parts, which
// heeds IfAbsent in every store.
func TestCopy(t *testing.T) {
	absent := &backend.CreateOptions{IfAbsent: true}
	parts := []string{"HEAD from%2F+ä", "POST to?uploads", "PUT to?partNumber=1", "POST to?uploadId=upload1"}
	parts[0] = "HEAD from+ä"
	for name, test := range map[string]struct {
		size     int
		opts     *backend.CreateOptions
		there    bool
		want     error
		requests []string
	}{
		"plain":           {size: 10, requests: []string{"PUT to"}},
		"replaces":        {size: 10, there: true, requests: []string{"PUT to"}},
		"large":           {size: 5000, requests: append([]string{"PUT to"}, parts...)},
		"if absent":       {size: 10, opts: absent, requests: parts},
		"taken":           {size: 10, opts: absent, there: true, want: fs.ErrExist, requests: append(slices.Clone(parts), "HEAD to", "DELETE to?uploadId=upload1")},
		"empty if absent": {opts: absent, want: errors.ErrUnsupported, requests: parts[:1]},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			data := bytes.Repeat([]byte("x"), test.size)
			f.objects["from+ä"] = object{data: data, token: "theirs"}
			if test.there {
				f.objects["to"] = object{data: []byte("old")}
			}
			err := f.open(s3.Options{}).Copy(t.Context(), "from+ä", "to", test.opts)
			check(t, err, test.want, "")
			if got := f.requests(); !slices.Equal(got, test.requests) {
				t.Errorf("requests %q, want %q", got, test.requests)
			}
			if to := f.objects["to"]; err == nil && (!bytes.Equal(to.data, data) || to.token == "theirs" || to.token == "") {
				t.Errorf("the copy is %d bytes of %q", len(to.data), to.token)
			}
			if len(f.uploads) != 0 {
				t.Error("an upload is left")
			}
		})
	}
}

// What is not there cannot be copied, and a store without copies says so.
func TestCopyFails(t *testing.T) {
	f := newFake(t)
	b := f.open(s3.Options{})
	check(t, b.Copy(t.Context(), "none", "to", nil), fs.ErrNotExist, `copy "none"`)
	check(t, b.Copy(t.Context(), "none", "to", &backend.CreateOptions{IfAbsent: true}), fs.ErrNotExist, `copy "none"`)
	f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		refuse(w, 501, "NotImplemented")
		return true
	}
	check(t, b.Copy(t.Context(), "none", "to", nil), errors.ErrUnsupported, "")
}

// A copy whose answers were lost was made all the same.
func TestCopySettles(t *testing.T) {
	f := newFake(t)
	f.objects["from"] = object{data: []byte("x")}
	f.faults(lost, says(403, "ExpiredToken"))
	check(t, f.open(s3.Options{}).Copy(t.Context(), "from", "to", nil), nil, "")
}

// A copy that fails after the store said 200 is no copy.
func TestCopyThatFailsWithin200(t *testing.T) {
	f := newFake(t)
	f.objects["from"] = object{data: []byte("x")}
	b := f.open(s3.Options{})
	f.faults(okButError, okButError, okButError)
	check(t, b.Copy(t.Context(), "from", "to", nil), backend.ErrTransient, "InternalError")
	if _, there := f.objects["to"]; there {
		t.Error("there is a copy")
	}
	f.faults(okButError)
	check(t, b.Copy(t.Context(), "from", "to", nil), nil, "")
	if got := f.objects["to"].data; string(got) != "x" {
		t.Errorf("the copy is %q", got)
	}
}

// A source that is replaced meanwhile is not copied in pieces of both.
func TestCopyNoticesReplacement(t *testing.T) {
	f := newFake(t)
	f.objects["from"] = object{data: []byte("before")}
	f.fault = func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method == http.MethodPost {
			f.mu.Lock()
			f.objects["from"] = object{data: []byte("after!")}
			f.mu.Unlock()
		}
		return false
	}
	err := f.open(s3.Options{}).Copy(t.Context(), "from", "to", &backend.CreateOptions{IfAbsent: true})
	check(t, err, backend.ErrChanged, "")
	if len(f.uploads) != 0 {
		t.Error("an upload is left")
	}
}
