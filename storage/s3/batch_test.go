package s3_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// A thousand keys cost one request, and one of them tells what it could not do.
func TestDeleteAll(t *testing.T) {
	f := newFake(t)
	var keys []string
	for i := range 2500 {
		keys = append(keys, fmt.Sprintf("p/%d & <more>", i))
		f.objects[keys[i]] = object{}
	}
	f.objects["other"] = object{}
	f.kept = map[string]string{keys[7]: "AccessDenied", keys[2001]: "SlowDown", keys[8]: "InternalError", keys[9]: "NoSuchKey"}
	err := f.open(s3.Options{}).DeleteAll(t.Context(), keys)
	if n := len(f.requests()); n != 3 {
		t.Errorf("%d requests for %d keys", n, len(keys))
	}
	if len(f.objects) != 5 {
		t.Errorf("%d objects are left", len(f.objects))
	}
	for _, want := range []error{fs.ErrPermission, backend.ErrThrottled, backend.ErrTransient} {
		check(t, err, want, `s3: delete "p/7 & <more>" in bucket "b": access denied`)
	}
}

// Each key that is still there has its own error, with what it means.
func TestDeleteAllTellsWhich(t *testing.T) {
	for code, want := range map[string]error{
		"AccessDenied": fs.ErrPermission, "SlowDown": backend.ErrThrottled, "InternalError": backend.ErrTransient, "NoSuchKey": nil,
	} {
		t.Run(code, func(t *testing.T) {
			f := newFake(t)
			f.objects["a"], f.objects["b"] = object{}, object{}
			f.kept = map[string]string{"a": code}
			err := f.open(s3.Options{}).DeleteAll(t.Context(), []string{"a", "b"})
			check(t, err, want, `s3: delete "a" in bucket "b": `)
			if _, left := f.objects["b"]; left {
				t.Error("the other object is left")
			}
		})
	}
}

// Where there is no such request, and where XML cannot hold the key, objects are
// deleted one by one.
func TestDeleteAllOneByOne(t *testing.T) {
	f := newFake(t)
	keys := []string{"a", "b", "odd\x01key"}
	for _, key := range keys {
		f.objects[key] = object{}
	}
	f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method != http.MethodPost {
			return false
		}
		refuse(w, 501, "NotImplemented")
		return true
	}
	check(t, f.open(s3.Options{}).DeleteAll(t.Context(), keys), nil, "")
	if len(f.objects) != 0 {
		t.Errorf("left: %v", f.objects)
	}
}

// An invalid key is refused, and the others are deleted; without any, and when
// nobody waits any more, nothing is asked.
func TestDeleteAllRefuses(t *testing.T) {
	f := newFake(t)
	f.objects["a"] = object{}
	b := f.open(s3.Options{})
	check(t, b.DeleteAll(t.Context(), []string{"../x", "a"}), fs.ErrInvalid, `"../x"`)
	if len(f.objects) != 0 || len(f.requests()) != 1 {
		t.Error("the valid key was not deleted by one request")
	}
	check(t, b.DeleteAll(t.Context(), nil), nil, "")
	ctx, cancel := context.WithCancelCause(t.Context())
	mine := errors.New("mine")
	cancel(mine)
	check(t, b.DeleteAll(ctx, []string{"a"}), mine, "mine")
	if n := len(f.requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
