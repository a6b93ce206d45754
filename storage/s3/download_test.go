package s3_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

func random(n int) []byte {
	data := make([]byte, n)
	source := rand.NewChaCha8([32]byte{2})
	_, _ = source.Read(data)
	return data
}

// memory is a place to download into.
type memory struct {
	data []byte
	fail error
}

func (m *memory) WriteAt(p []byte, at int64) (int, error) {
	if m.fail != nil && at >= 1000 {
		return 0, m.fail
	}
	return copy(m.data[at:], p), nil
}

// The ways in which an object is read; each must yield the same bytes.
func ways(t *testing.T, b *s3.Backend, opts *backend.OpenOptions, n int) map[string]func() ([]byte, error) {
	return map[string]func() ([]byte, error){
		"read": func() ([]byte, error) { return readAll(t.Context(), b, "k", opts) },
		"copy": func() ([]byte, error) {
			r, err := b.Open(t.Context(), "k", opts)
			if err != nil {
				return nil, err
			}
			defer r.Close()
			var to bytes.Buffer
			_, err = r.(io.WriterTo).WriteTo(&to)
			return to.Bytes(), err
		},
		"download": func() ([]byte, error) {
			m := &memory{data: make([]byte, n)}
			_, err := b.Download(t.Context(), "k", opts, m)
			return m.data, err
		},
	}
}

// An object of any size comes out whole, also if every body breaks off, in ranges
// of one version.
func TestLargeObjects(t *testing.T) {
	for _, size := range []int{0, 1, 99, 100, 101, 399, 400, 401, 500, 1234, 5000} {
		for name, opts := range map[string]backend.OpenOptions{
			"whole": {}, "rest": {Offset: 7}, "range": {Offset: 7, Length: 1000}, "long range": {Length: 1 << 40},
		} {
			for _, broken := range []bool{false, true} {
				data := random(size)
				f := newFake(t)
				f.objects["k"] = object{data: data}
				if broken && size > 0 {
					f.fault = breaking(70)
				}
				want := data[min(int(opts.Offset), size):]
				if opts.Length > 0 {
					want = want[:min(opts.Length, int64(len(want)))]
				}
				for way, read := range ways(t, f.open(s3.Options{PartSize: 100}), &opts, len(want)) {
					if got, err := read(); err != nil || !bytes.Equal(got, want) {
						t.Errorf("%s, %d bytes, %s, broken %v: %d of %d bytes, %v", way, size, name, broken, len(got), len(want), err)
					}
				}
			}
		}
	}
}

// A large object is asked for in ranges, of the version that was found, and a
// small one at once.
func TestLargeObjectsInRanges(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: random(1000)}
	b := f.open(s3.Options{PartSize: 100})
	for way, read := range ways(t, b, nil, 1000) {
		f.requests()
		if _, err := read(); err != nil {
			t.Fatal(err)
		}
		for i, header := range f.headers {
			if pinned := header.Get("If-Match") == etag(f.objects["k"].data); pinned != (i > 0) || (i > 0 && header.Get("Range") == "") {
				t.Errorf("%s: request %d has the headers %v", way, i, header)
			}
		}
		if n := len(f.requests()); n != 10 {
			t.Errorf("%s: %d requests", way, n)
		}
	}
}

// A range of another object is no range of this one.
func TestLargeObjectReplaced(t *testing.T) {
	f := newFake(t)
	b := f.open(s3.Options{PartSize: 100})
	for way, read := range ways(t, b, nil, 1000) {
		f.objects["k"] = object{data: bytes.Repeat([]byte("a"), 1000)}
		var seen atomic.Int32
		f.fault = func(http.ResponseWriter, *http.Request, http.Handler) bool {
			if seen.Add(1) == 2 {
				f.mu.Lock()
				f.objects["k"] = object{data: bytes.Repeat([]byte("b"), 1000)}
				f.mu.Unlock()
			}
			return false
		}
		_, err := read()
		check(t, err, backend.ErrChanged, "")
		if _, ok := errors.AsType[*backend.Error](err); !ok {
			t.Errorf("%s: %T is no *backend.Error", way, err)
		}
	}
}

// A reader that is closed early has fetched no more than it may hold, and leaves
// no goroutine, as TestMain sees.
func TestReadAheadStops(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: random(10_000)}
	r, err := f.open(s3.Options{PartSize: 100, Concurrency: 3}).Open(t.Context(), "k", nil)
	check(t, err, nil, "")
	_, err = io.ReadFull(r, make([]byte, 150))
	check(t, err, nil, "")
	check(t, r.Close(), nil, "")
	if n := len(f.requests()); n > 1+3+1 {
		t.Errorf("%d requests for 150 bytes", n)
	}
	_, err = r.Read(make([]byte, 1))
	check(t, err, fs.ErrClosed, "")
}

// Who looks at the beginning alone costs one request, however large the object.
func TestReadAheadWaits(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: random(10_000)}
	r, err := f.open(s3.Options{PartSize: 1000}).Open(t.Context(), "k", nil)
	check(t, err, nil, "")
	defer r.Close()
	_, err = io.ReadFull(r, make([]byte, 100))
	check(t, err, nil, "")
	if n := len(f.requests()); n != 1 {
		t.Errorf("%d requests for the first bytes", n)
	}
}

// An error of the place that is written to is that error.
func TestDownloadCannotWrite(t *testing.T) {
	full := errors.New("disk full")
	f := newFake(t)
	f.objects["k"] = object{data: random(5000)}
	_, err := f.open(s3.Options{PartSize: 100}).Download(t.Context(), "k", nil, &memory{data: make([]byte, 5000), fail: full})
	check(t, err, full, "disk full")
}

// What the store's checksum does not agree with is not taken for the object.
func TestReadComparesChecksum(t *testing.T) {
	for _, test := range []struct{ header, good string }{
		{"X-Amz-Checksum-Crc32c", "yZRlqg=="},
		{"X-Amz-Checksum-Crc32", "DUoRhQ=="},
		{"X-Amz-Checksum-Crc64nvme", "jSnVw/bqjr4="},
		{"X-Amz-Checksum-Sha1", "Kq5sNclPz7QV2+lfQIuc6R7oRu0="},
		{"X-Amz-Checksum-Sha256", "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="},
	} {
		for _, sum := range []string{test.good, "AAAAAA==", "AAAAAA==-3"} {
			f := newFake(t)
			f.objects["k"] = object{data: []byte("hello world")}
			f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
				w.Header().Set(test.header, sum)
				return false
			}
			_, err := readAll(t.Context(), f.open(s3.Options{}), "k", nil)
			if sum == "AAAAAA==" {
				check(t, err, backend.ErrTransient, "not what the store's checksum says")
			} else if err != nil {
				t.Errorf("%s %s: %v", test.header, sum, err)
			}
		}
	}
}

// The checksum of a whole large object is none of a piece of it.
func TestLargeObjectWithChecksum(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: random(1000)}
	sum := binary.BigEndian.AppendUint32(nil, crc32.Checksum(f.objects["k"].data, crc32.MakeTable(crc32.Castagnoli)))
	f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Header.Get("Range") == "" {
			w.Header().Set("X-Amz-Checksum-Crc32c", base64.StdEncoding.EncodeToString(sum))
		}
		return false
	}
	for _, size := range []int{100, 300} {
		for way, read := range ways(t, f.open(s3.Options{PartSize: size}), nil, 1000) {
			if got, err := read(); err != nil || !bytes.Equal(got, f.objects["k"].data) {
				t.Errorf("%s in pieces of %d: %d bytes, %v", way, size, len(got), err)
			}
		}
	}
}
