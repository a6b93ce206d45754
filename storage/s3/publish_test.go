package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// publication tells the request that makes an object be from all others.
func publication(r *http.Request) bool {
	single := r.Method == http.MethodPut && !r.URL.Query().Has("partNumber")
	complete := r.Method == http.MethodPost && r.URL.Query().Has("uploadId")
	return single || complete
}

// faults answers the publications, each with its own function, and what comes
// after them as the store does.
func (f *fake) faults(faults ...func(w http.ResponseWriter, r *http.Request, serve http.Handler)) {
	var seen atomic.Int32
	f.fault = func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool {
		if !publication(r) {
			return false
		}
		if n := int(seen.Add(1)); n <= len(faults) {
			faults[n-1](w, r, serve)
			return true
		}
		return false
	}
}

type answer = func(w http.ResponseWriter, r *http.Request, serve http.Handler)

// lost does what it is asked and breaks the connection instead of saying so.
func lost(_ http.ResponseWriter, r *http.Request, serve http.Handler) {
	serve.ServeHTTP(discard{}, r)
	panic(http.ErrAbortHandler)
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

func says(status int, code string) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { refuse(w, status, code) }
}

// okButError is the answer that S3 may give to a long completion: it began with
// 200 before it knew.
func okButError(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	refuse(w, 200, "InternalError")
}

// Whatever becomes of the answers, Commit says what is true, and so does Upload. Each
// case is tried with one PutObject and with a multipart upload.
func TestCommitSettles(t *testing.T) {
	conflict := says(409, "ConditionalRequestConflict")
	for name, test := range map[string]struct {
		faults []answer
		others bool // another writer's object is there
		want   error
		says   string
		large  string // what it says of a large one, if it differs
	}{
		"plain":                   {},
		"taken":                   {others: true, want: fs.ErrExist, says: "exists already"},
		"answer lost":             {faults: []answer{lost}},
		"all answers lost":        {faults: []answer{lost, lost, lost}},
		"arrived, then forbidden": {faults: []answer{lost, says(403, "ExpiredToken")}},
		"arrived, then overload":  {faults: []answer{lost, says(503, "SlowDown"), says(503, "SlowDown")}},
		"never arrived":           {faults: []answer{says(500, "InternalError"), says(500, "InternalError"), says(500, "InternalError")}, want: anyError, says: "InternalError"},
		"200 with an error":       {faults: []answer{okButError, okButError, okButError}, want: anyError, says: "InternalError"},
		"200 with an error, once": {faults: []answer{okButError}},
		"forbidden":               {faults: []answer{says(403, "AccessDenied")}, want: fs.ErrPermission, says: "access denied"},
		"conflict with a winner":  {faults: []answer{conflict, conflict, conflict}, others: true, want: fs.ErrExist},
		"conflict without":        {faults: []answer{conflict, conflict, conflict}, want: anyError, says: "write it again"},
		"existed, now gone":       {faults: []answer{says(412, "PreconditionFailed")}, want: fs.ErrExist, says: "gone now"},
	} {
		for way, data := range map[string][]byte{
			"small": []byte("mine"), "large": []byte("mine, and larger"),
			"small upload": []byte("mine"), "large upload": []byte("mine, and larger"),
		} {
			t.Run(name+"/"+way, func(t *testing.T) {
				if strings.HasPrefix(way, "small") && strings.HasPrefix(name, "200") {
					return // one PutObject answers when it knows
				}
				f := newFake(t)
				if test.others {
					f.objects["k"] = object{data: []byte("others")}
				}
				f.faults(test.faults...)
				b := f.open(s3.Options{PartSize: 10})
				make := write
				if strings.HasSuffix(way, "upload") {
					make = uploadBytes
				}
				err := make(t.Context(), b, "k", data, &backend.CreateOptions{IfAbsent: true})
				check(t, err, test.want, test.says)
				if err == nil && !bytes.Equal(f.objects["k"].data, data) {
					t.Errorf("Commit succeeded and the object is %q", f.objects["k"].data)
				}
				if errors.Is(test.want, fs.ErrExist) == false && errors.Is(err, fs.ErrExist) {
					t.Errorf("took its own doubt for another's object: %v", err)
				}
				if len(f.uploads) > 0 {
					t.Errorf("%d uploads are left behind", len(f.uploads))
				}
			})
		}
	}
}

var anyError = errors.New("any error")

func check(t *testing.T, err, want error, says string) {
	t.Helper()
	switch {
	case want == nil && err != nil:
		t.Fatalf("error: %v", err)
	case want != nil && err == nil:
		t.Fatalf("no error, want %v", want)
	case want != nil && want != anyError && !errors.Is(err, want):
		t.Errorf("error %v is not %v", err, want)
	}
	if err != nil && !strings.Contains(err.Error(), says) {
		t.Errorf("error %q does not say %q", err, says)
	}
}

// If not even the reading back can be done, the doubt stays a doubt.
func TestCommitInDoubt(t *testing.T) {
	f := newFake(t)
	f.faults(lost, says(412, "PreconditionFailed"))
	publications := f.fault
	f.fault = func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool {
		if r.Method == http.MethodHead {
			w.WriteHeader(403)
			return true
		}
		return publications(w, r, serve)
	}
	err := write(t.Context(), f.open(s3.Options{}), "k", []byte("mine"), &backend.CreateOptions{IfAbsent: true})
	check(t, err, anyError, "could not be found out")
	if errors.Is(err, fs.ErrExist) {
		t.Errorf("a doubt is fs.ErrExist: %v", err)
	}
}

// TestCommitForbidden has somebody who may neither write nor look: that it is
// forbidden is all that he needs to know.
func TestCommitForbidden(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		w.WriteHeader(403)
		return true
	}
	err := write(t.Context(), f.open(s3.Options{}), "k", []byte("mine"), &backend.CreateOptions{IfAbsent: true})
	check(t, err, fs.ErrPermission, "could not be found out")
}

// Of two writers one wins, also if the other began first.
func TestCommitOneWins(t *testing.T) {
	for _, data := range [][]byte{[]byte("small"), []byte("large, of several parts")} {
		f := newFake(t)
		b := f.open(s3.Options{PartSize: 10})
		first, err := b.Create(t.Context(), "k", &backend.CreateOptions{IfAbsent: true})
		if err != nil {
			t.Fatal(err)
		}
		defer first.Close()
		if _, err := first.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := write(t.Context(), b, "k", data, &backend.CreateOptions{IfAbsent: true}); err != nil {
			t.Fatal(err)
		}
		check(t, first.Commit(), fs.ErrExist, "exists already")
	}
}

// An upload that is not committed leaves nothing: not the object, not its parts.
func TestCloseAborts(t *testing.T) {
	for name, end := range map[string]func(cancel context.CancelFunc, w backend.Writer) error{
		"abandoned": func(_ context.CancelFunc, w backend.Writer) error { return w.Close() },
		"cancelled": func(cancel context.CancelFunc, w backend.Writer) error { cancel(); return w.Close() },
		"too late": func(cancel context.CancelFunc, w backend.Writer) error {
			cancel()
			if err := w.Commit(); !errors.Is(err, context.Canceled) {
				return errors.Join(errors.New("Commit of a cancelled context"), err)
			}
			return w.Close()
		},
		"twice": func(_ context.CancelFunc, w backend.Writer) error { return errors.Join(w.Close(), w.Close()) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w, err := f.open(s3.Options{PartSize: 10}).Create(ctx, "k", nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(make([]byte, 35)); err != nil {
				t.Fatal(err)
			}
			if err := end(cancel, w); err != nil {
				t.Fatal(err)
			}
			if len(f.objects) != 0 || len(f.uploads) != 0 {
				t.Errorf("left: %d objects, %d uploads", len(f.objects), len(f.uploads))
			}
			if log := f.requests(); !slices.Contains(log, "DELETE k?uploadId=upload1") {
				t.Errorf("no abort in %q", log)
			}
		})
	}
}

// A part that cannot be uploaded ends the writing, and what was uploaded goes.
func TestPartFails(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.URL.Query().Get("partNumber") != "2" {
			return false
		}
		refuse(w, 403, "AccessDenied")
		return true
	}
	w, err := f.open(s3.Options{PartSize: 10, Concurrency: 1}).Create(t.Context(), "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for err == nil {
		_, err = w.Write(make([]byte, 10))
	}
	check(t, err, fs.ErrPermission, "access denied")
	check(t, w.Commit(), fs.ErrPermission, "access denied")
	check(t, w.Close(), nil, "")
	if len(f.uploads) != 0 || len(f.objects) != 0 {
		t.Errorf("left: %d uploads, %d objects", len(f.uploads), len(f.objects))
	}
}

// If the parts cannot be removed either, whoever pays for them hears of it.
func TestAbortFails(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method == http.MethodDelete {
			refuse(w, 403, "AccessDenied")
			return true
		}
		return false
	}
	w, err := f.open(s3.Options{PartSize: 10}).Create(t.Context(), "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 11)); err != nil {
		t.Fatal(err)
	}
	check(t, w.Close(), fs.ErrPermission, "upload upload1 are left behind")
}

// A writer that ended is no writer.
func TestWriterEnds(t *testing.T) {
	f := newFake(t)
	b := f.open(s3.Options{})
	w, err := b.Create(t.Context(), "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, w.Commit(), nil, "")
	check(t, w.Commit(), anyError, "Commit was called before")
	check(t, w.Close(), nil, "")
	_, err = w.Write([]byte("x"))
	check(t, err, fs.ErrClosed, "")
	if data := f.objects["k"].data; len(data) != 0 {
		t.Errorf("the object is %q", data)
	}
}

// A conflict with a writer that then failed is over when it is asked again.
func TestConflictIsRepeated(t *testing.T) {
	f := newFake(t)
	f.faults(says(409, "ConditionalRequestConflict"))
	err := write(t.Context(), f.open(s3.Options{}), "k", []byte("mine"), &backend.CreateOptions{IfAbsent: true})
	check(t, err, nil, "")
	if got := f.requests(); !slices.Equal(got, []string{"PUT k", "PUT k"}) {
		t.Errorf("requests %q", got)
	}
}

// After a Write that failed there is a hole, and nothing with a hole is committed:
// here the first part would make an object of its own.
func TestHoleIsNotCommitted(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !r.URL.Query().Has("uploads") {
			return false
		}
		refuse(w, 403, "AccessDenied")
		return true
	}
	w, err := f.open(s3.Options{PartSize: 10}).Create(t.Context(), "k", nil)
	check(t, err, nil, "")
	defer w.Close()
	_, err = w.Write(make([]byte, 11))
	check(t, err, fs.ErrPermission, "")
	check(t, w.Commit(), fs.ErrPermission, "")
	if len(f.objects) != 0 {
		t.Error("an object with a hole was committed")
	}
}
