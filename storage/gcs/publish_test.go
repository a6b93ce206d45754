package gcs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

// publication tells the request that makes an object be from all others.
func publication(r *http.Request) bool {
	single := r.URL.Query().Get("uploadType") == "multipart"
	last := strings.HasPrefix(r.URL.Path, "/upload/") && !r.URL.Query().Has("uploadType") &&
		!strings.HasSuffix(r.Header.Get("Content-Range"), "/*")
	return single || last
}

type answer = func(w http.ResponseWriter, r *http.Request, serve http.Handler)

// faults answers the publications, each with its own function, and what comes
// after them as the store does.
func (f *fake) faults(faults ...answer) {
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

// lost does what it is asked and has no time to say so.
func lost(w http.ResponseWriter, r *http.Request, serve http.Handler) {
	serve.ServeHTTP(discard{}, r)
	refuse(w, 503, "Backend Error")
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

func says(status int, message string) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { refuse(w, status, message) }
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

// Whatever becomes of the answers, Commit says what is true. Each case is tried
// with one request and with an upload in chunks.
func TestCommitSettles(t *testing.T) {
	overload := says(503, "Backend Error")
	for name, test := range map[string]struct {
		faults []answer
		others bool // another writer's object is there
		want   error
		says   string
	}{
		"plain":                   {},
		"taken":                   {others: true, want: fs.ErrExist, says: "exists already"},
		"answer lost":             {faults: []answer{lost}},
		"all answers lost":        {faults: []answer{lost, lost, lost, lost, lost}},
		"arrived, then forbidden": {faults: []answer{lost, says(403, "denied")}},
		"overload, once":          {faults: []answer{overload}},
		"never arrived":           {faults: []answer{overload, overload, overload, overload, overload}, want: anyError, says: "overloaded, and was after repetitions too: Backend Error (HTTP 503)"},
		"forbidden":               {faults: []answer{says(403, "denied")}, want: fs.ErrPermission, says: "access denied: denied (HTTP 403)"},
		"existed, now gone":       {faults: []answer{says(412, "condition")}, want: fs.ErrExist, says: "gone now"},
		"no bucket":               {faults: []answer{says(404, "The specified bucket does not exist.")}, want: anyError, says: "no such bucket"},
	} {
		for size, data := range map[string][]byte{"small": []byte("mine"), "large": bytes.Repeat([]byte("m"), chunk+1)} {
			t.Run(name+"/"+size, func(t *testing.T) {
				f := newFake(t)
				if test.others {
					f.objects["k"] = object{data: []byte("others")}
				}
				f.faults(test.faults...)
				err := write(t.Context(), f.open(&gcs.Options{ChunkSize: chunk}), "k", data, &backend.CreateOptions{IfAbsent: true})
				check(t, err, test.want, test.says)
				if err == nil && !bytes.Equal(f.objects["k"].data, data) {
					t.Errorf("Commit succeeded and the object has %d bytes", len(f.objects["k"].data))
				}
				if !errors.Is(test.want, fs.ErrExist) && errors.Is(err, fs.ErrExist) {
					t.Errorf("took its own doubt for another's object: %v", err)
				}
			})
		}
	}
}

// If not even the reading back can be done, the doubt stays a doubt.
func TestCommitInDoubt(t *testing.T) {
	f := newFake(t)
	f.faults(lost, says(412, "condition"))
	publications := f.fault
	f.fault = func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool {
		if r.Method == http.MethodGet {
			refuse(w, 403, "denied")
			return true
		}
		return publications(w, r, serve)
	}
	err := write(t.Context(), f.open(nil), "k", []byte("mine"), &backend.CreateOptions{IfAbsent: true})
	check(t, err, anyError, "could not be found out")
	if errors.Is(err, fs.ErrExist) {
		t.Errorf("a doubt is fs.ErrExist: %v", err)
	}
}

// A store that is down is asked a few times, by every verb.
func TestRepetitionsEnd(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool { refuse(w, 503, "down"); return true }
	b := f.open(&gcs.Options{ChunkSize: chunk})
	for verb, do := range map[string]func() error{
		"open":   func() error { return read(t.Context(), b, "k", nil) },
		"stat":   func() error { _, err := b.Stat(t.Context(), "k"); return err },
		"delete": func() error { return b.Delete(t.Context(), "k") },
		"list": func() (err error) {
			for _, err = range b.List(t.Context(), "k") {
			}
			return err
		},
		"resume": func() error { return write(t.Context(), b, "k", make([]byte, chunk+1), nil) },
	} {
		f.requests()
		check(t, do(), anyError, "overloaded")
		if n := len(f.requests()); n != 5 {
			t.Errorf("%s: %d requests", verb, n)
		}
	}
}

// An upload that is not committed leaves no object, also if some of it was sent.
func TestCloseAbandons(t *testing.T) {
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
		for _, size := range []int{1, 3*chunk + 1} {
			t.Run(name, func(t *testing.T) {
				f := newFake(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				w, err := f.open(&gcs.Options{ChunkSize: chunk}).Create(ctx, "k", nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := w.Write(make([]byte, size)); err != nil {
					t.Fatal(err)
				}
				if err := end(cancel, w); err != nil {
					t.Fatal(err)
				}
				for _, request := range f.requests() {
					if strings.HasPrefix(request, "CHUNK") && !strings.HasSuffix(request, "/*") {
						t.Errorf("a last chunk was sent: %s", request)
					}
				}
				if len(f.objects) != 0 {
					t.Errorf("left %d objects", len(f.objects))
				}
			})
		}
	}
}

// A chunk that cannot be sent ends the writing.
func TestChunkFails(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasPrefix(r.URL.Path, "/upload/0") {
			return false
		}
		refuse(w, 403, "denied")
		return true
	}
	w, err := f.open(&gcs.Options{ChunkSize: chunk}).Create(t.Context(), "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for err == nil {
		_, err = w.Write(make([]byte, chunk))
	}
	check(t, err, fs.ErrPermission, "access denied")
	check(t, w.Commit(), fs.ErrPermission, "access denied")
	check(t, w.Close(), nil, "")
}

// A writer that ended is no writer.
func TestWriterEnds(t *testing.T) {
	f := newFake(t)
	w, err := f.open(nil).Create(t.Context(), "k", nil)
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

// A store that takes a chunk twice, as when the answer to the first time was lost, makes
// another object than was written. That is no success.
func TestAnObjectOfAnotherSizeIsDamaged(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool {
		if strings.HasPrefix(r.Header.Get("Content-Range"), "bytes 262144-") {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(append(body, body...)))
			r.ContentLength *= 2
		}
		serve.ServeHTTP(w, r)
		return true
	}
	err := write(t.Context(), f.open(&gcs.Options{ChunkSize: 256 << 10}), "k", make([]byte, 300<<10), nil)
	if err == nil || !strings.Contains(err.Error(), "it is damaged") {
		t.Errorf("written: %v", err)
	}
}

// TestCommitForbidden has somebody who may neither write nor look: that it is
// forbidden is all that he needs to know.
func TestCommitForbidden(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		refuse(w, 403, "denied")
		return true
	}
	err := write(t.Context(), f.open(nil), "k", []byte("mine"), &backend.CreateOptions{IfAbsent: true})
	check(t, err, fs.ErrPermission, "could not be found out")
}
