package s3_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// breaking serves every GET but stops each body after n bytes.
func breaking(n int) func(http.ResponseWriter, *http.Request, http.Handler) bool {
	return func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool {
		if r.Method != http.MethodGet {
			return false
		}
		serve.ServeHTTP(&cutting{ResponseWriter: w, left: n}, r)
		panic(http.ErrAbortHandler)
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

// A body that breaks off is read on from there, as long as each brings something.
func TestReadResumes(t *testing.T) {
	data := make([]byte, 10_000)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(data)
	for name, opts := range map[string]*backend.OpenOptions{
		"whole": nil, "range": {Offset: 100, Length: 5000}, "rest": {Offset: 9000},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.objects["k"] = object{data: data}
			f.fault = breaking(700)
			got, err := readAll(t.Context(), f.open(s3.Options{}), "k", opts)
			if err != nil {
				t.Fatal(err)
			}
			want := data
			if opts != nil {
				want = data[opts.Offset:]
				if opts.Length > 0 {
					want = want[:opts.Length]
				}
			}
			if !bytes.Equal(got, want) {
				t.Error("other bytes came out")
			}
			if n := len(f.requests()); n != (len(want)+699)/700 {
				t.Errorf("%d requests for %d bytes", n, len(want))
			}
		})
	}
}

// The rest of another object is no rest.
func TestReadNoticesReplacement(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: bytes.Repeat([]byte("a"), 1000)}
	f.fault = func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool {
		defer func() {
			f.mu.Lock()
			f.objects["k"] = object{data: bytes.Repeat([]byte("b"), 1000)}
			f.mu.Unlock()
		}()
		return r.Header.Get("If-Match") == "" && breaking(10)(w, r, serve)
	}
	_, err := readAll(t.Context(), f.open(s3.Options{}), "k", nil)
	check(t, err, backend.ErrChanged, "was replaced meanwhile")
}

// A store that sends nothing is not asked for ever.
func TestReadGivesUp(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: make([]byte, 1000)}
	f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		w.Header().Set("ETag", etag(make([]byte, 1000)))
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	_, err := readAll(t.Context(), f.open(s3.Options{}), "k", nil)
	check(t, err, anyError, "unexpected EOF")
	if n := len(f.requests()); n > 2 {
		t.Errorf("%d requests", n)
	}
}

// What is not the range that was asked for is not handed out as it.
func TestOpenRefusesOtherRanges(t *testing.T) {
	for name, test := range map[string]struct {
		status       int
		contentRange string
		length       int
		want         string
	}{
		"everything":    {200, "", 100, "another range"},
		"another start": {206, "bytes 0-9/100", 10, "another range"},
		"too much":      {206, "bytes 20-49/100", 30, "another range"},
		"other length":  {206, "bytes 20-29/100", 5, "another range"},
		"no size":       {206, "bytes 20-29/*", 10, "how long the object is"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
				if test.contentRange != "" {
					w.Header().Set("Content-Range", test.contentRange)
				}
				w.Header().Set("Content-Length", strconv.Itoa(test.length))
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(strings.Repeat("x", test.length)))
				return true
			}
			_, err := f.open(s3.Options{}).Open(t.Context(), "k", &backend.OpenOptions{Offset: 20, Length: 10})
			check(t, err, anyError, test.want)
		})
	}
}

// A range beyond the end is empty, and the object is described all the same.
func TestOpenBeyondEnd(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("0123")}
	r, err := f.open(s3.Options{}).Open(t.Context(), "k", &backend.OpenOptions{Offset: 4, Length: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if info := r.Info(); info.Size != 4 || info.Key != "k" || !info.ModTime.Equal(modTime) {
		t.Errorf("info %+v", info)
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("Read = %d, %v", n, err)
	}
}

// Nothing can be read after Close, and closing twice is no error.
func TestReaderEnds(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("0123")}
	r, err := f.open(s3.Options{}).Open(t.Context(), "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	check(t, r.Close(), nil, "")
	check(t, r.Close(), nil, "")
	_, err = r.Read(make([]byte, 1))
	check(t, err, fs.ErrClosed, "")
}

// truncating is a client whose bodies end early without a word, as behind some
// proxies.
type truncating struct{ http.RoundTripper }

func (c truncating) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.RoundTripper.RoundTrip(r)
	if err == nil && r.Header.Get("Range") == "" {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, 4), response.Body}
	}
	return response, err
}

// That a body ended is not taken for its end.
func TestReadNoticesSilentEnd(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("0123456789")}
	cfg := config()
	cfg.HTTPClient = &http.Client{Transport: truncating{&http.Transport{DisableKeepAlives: true}}}
	got, err := readAll(t.Context(), f.open(s3.Options{Config: cfg}), "k", nil)
	if err != nil || string(got) != "0123456789" {
		t.Errorf("read %q, %v", got, err)
	}
}
