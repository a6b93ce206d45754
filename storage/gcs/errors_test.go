package gcs_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"google.golang.org/api/googleapi"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

// An error says what happened and what to do, and is what errors.Is expects.
func TestErrors(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		is     error
		want   string
	}{
		"missing":        {code(404, "No such object: b/a/k"), fs.ErrNotExist, `gs: open "a/k" in bucket "b": no such object`},
		"no bucket":      {code(404, "The specified bucket does not exist."), nil, "no such bucket: check its name, the endpoint and the project"},
		"denied":         {code(403, "no storage.objects.get access"), fs.ErrPermission, "access denied: no storage.objects.get access (HTTP 403)"},
		"anonymous":      {code(401, "Anonymous caller"), fs.ErrPermission, "wants other credentials: Anonymous caller (HTTP 401)"},
		"requester pays": {code(400, "Bucket is a requester pays bucket but no user project provided."), nil, "set the parameter user-project"},
		"plain text":     {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, strings.Repeat("x", 1000), 400) }, nil, "xxx… (HTTP 400)"},
		"no words":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) }, nil, "the store answered: no reason given (HTTP 400)"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool { test.answer(w, r); return true }
			_, err := f.open(nil).Open(t.Context(), "a/k", nil)
			check(t, err, anyError, test.want)
			for _, sentinel := range []error{fs.ErrNotExist, fs.ErrPermission, fs.ErrExist} {
				if got := errors.Is(err, sentinel); got != (sentinel == test.is) {
					t.Errorf("errors.Is(%v, %v) = %v", err, sentinel, got)
				}
			}
			if _, ok := errors.AsType[*googleapi.Error](err); !ok {
				t.Errorf("the SDK's error is out of reach in %v", err)
			}
		})
	}
}

func code(status int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { refuse(w, status, message) }
}

// That the bucket is missing is an error of every verb, of Delete too.
func TestNoBucket(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		refuse(w, 404, "The specified bucket does not exist.")
		return true
	}
	b := f.open(nil)
	_, statErr := b.Stat(t.Context(), "k")
	var listErr error
	for _, listErr = range b.List(t.Context(), "") {
	}
	for _, err := range []error{statErr, listErr, b.Delete(t.Context(), "k"), write(t.Context(), b, "k", nil, nil)} {
		check(t, err, anyError, "no such bucket")
		if errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a missing bucket is fs.ErrNotExist: %v", err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	f := newFake(t)
	f.url = "http://127.0.0.1:1"
	_, err := f.open(nil).Open(t.Context(), "k", nil)
	check(t, err, anyError, "the store cannot be reached, check the endpoint: dial tcp 127.0.0.1:1")
}

// A context that is done touches nothing, and is what the error says.
func TestCancelled(t *testing.T) {
	f := newFake(t)
	b := f.open(nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, openErr := b.Open(ctx, "k", nil)
	_, statErr := b.Stat(ctx, "k")
	_, createErr := b.Create(ctx, "k", nil)
	var listErr error
	for _, listErr = range b.List(ctx, "k") {
	}
	for verb, err := range map[string]error{
		"open": openErr, "stat": statErr, "create": createErr, "list": listErr, "delete": b.Delete(ctx, "k"),
	} {
		check(t, err, context.Canceled, "gs: "+verb+` "k" in bucket "b": context canceled`)
	}
	if log := f.requests(); len(log) != 0 {
		t.Errorf("requests %q", log)
	}
}

// What the store may do wrong with a body is an error and not other bytes.
func TestReadRefuses(t *testing.T) {
	body := bytes.Repeat([]byte("x"), 100)
	for name, test := range map[string]struct {
		opts   *backend.OpenOptions
		header map[string]string
		status int
		want   string
	}{
		"everything instead of a start": {&backend.OpenOptions{Offset: 5}, nil, 200, "partial request not satisfied"},
		"everything instead of a range": {&backend.OpenOptions{Length: 5}, nil, 200, "another range"},
		"another range":                 {&backend.OpenOptions{Offset: 5}, map[string]string{"Content-Range": "bytes 7-106/200"}, 206, "another range"},
		"compressed":                    {nil, map[string]string{"X-Goog-Stored-Content-Encoding": "gzip"}, 200, "Content-Encoding: gzip"},
		"damaged":                       {nil, map[string]string{"X-Goog-Hash": "crc32c=AAAAAA=="}, 200, "bad CRC"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
				for header, value := range test.header {
					w.Header().Set(header, value)
				}
				w.WriteHeader(test.status)
				_, _ = w.Write(body)
				return true
			}
			check(t, read(t.Context(), f.open(nil), "k", test.opts), anyError, test.want)
		})
	}
}

// A body that breaks off is read on from there, of the same generation.
func TestReadResumes(t *testing.T) {
	f := newFake(t)
	data := bytes.Repeat([]byte("0123456789"), 1000)
	f.objects["k"] = object{data: data}
	f.fault = func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool {
		if r.Header.Get("Range") != "" {
			return false
		}
		serve.ServeHTTP(&cutting{ResponseWriter: w, left: 700}, r)
		panic(http.ErrAbortHandler)
	}
	got, err := readAll(t.Context(), f.open(nil), "k", nil)
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	if n := len(f.requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

type cutting struct {
	http.ResponseWriter
	left int
}

func (c *cutting) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p[:min(len(p), c.left)])
	c.ResponseWriter.(http.Flusher).Flush()
	if c.left -= n; c.left == 0 {
		return n, errors.New("cut")
	}
	return n, err
}

// Nothing can be read after Close, and closing twice is no error.
func TestReaderEnds(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("0123")}
	r, err := f.open(nil).Open(t.Context(), "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, r.Close(), nil, "")
	check(t, r.Close(), nil, "")
	_, err = r.Read(make([]byte, 1))
	check(t, err, fs.ErrClosed, "")
}

// No error holds a secret, not even one that the user put where it does not
// belong.
func TestNoSecretInErrors(t *testing.T) {
	const misplaced = "hunter2/hunter2"
	var errs []error
	for _, root := range []backend.Root{
		{Scheme: "gs", Authority: "user:" + misplaced + "@b"},
		{Scheme: "gs", Authority: "b", Params: url.Values{"endpoint": {"https://k:" + misplaced + "@host"}}},
		{Scheme: "gs", Authority: "b", Params: url.Values{"token": {misplaced}}},
		{Scheme: "gs", Authority: "b", Params: url.Values{"anonymous": {misplaced}}},
	} {
		_, err := gcs.Open(t.Context(), root, nil)
		errs = append(errs, err)
	}
	t.Setenv("STORAGE_EMULATOR_HOST", "http://k:"+misplaced+"@host")
	b, err := gcs.Open(t.Context(), backend.Root{Scheme: "gs", Authority: "b"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	_, err = b.Stat(t.Context(), "k")
	for _, err := range append(errs, err) {
		if err == nil {
			t.Error("no error")
		} else if strings.Contains(err.Error(), misplaced) || strings.Contains(err.Error(), url.QueryEscape(misplaced)) {
			t.Errorf("a secret in %v", err)
		}
	}
}
