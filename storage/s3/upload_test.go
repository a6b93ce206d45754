package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

func uploadBytes(ctx context.Context, b backend.Backend, key string, data []byte, opts *backend.CreateOptions) error {
	return b.(backend.Uploader).Upload(ctx, key, opts, bytes.NewReader(data), int64(len(data)))
}

// Upload sends what it is told to, from wherever it is.
func TestUpload(t *testing.T) {
	f := newFake(t)
	b := f.open(s3.Options{PartSize: 100_000, Concurrency: 3})
	for _, size := range []int{0, 1, 70_000, 99_999, 100_000, 100_001, 200_000, 1_234_567} {
		data := random(size)
		name := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(name, append(data, "more"...), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for from, r := range map[string]io.ReaderAt{
			"file": file, "memory": bytes.NewReader(data), "section of a file": io.NewSectionReader(file, 0, int64(size)),
		} {
			f.objects["k"] = object{}
			check(t, b.Upload(t.Context(), "k", nil, r, int64(size)), nil, "")
			if !bytes.Equal(f.objects["k"].data, data) {
				t.Errorf("%s: %d bytes became %d others", from, size, len(f.objects["k"].data))
			}
		}
		file.Close()
	}
}

// What cannot be read is not sent: there is no object, no part of one, and the
// error is that of who was read from.
func TestUploadOfWhatCannotBeRead(t *testing.T) {
	torn := errors.New("torn")
	short := filepath.Join(t.TempDir(), "short")
	if err := os.WriteFile(short, make([]byte, 55), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(short)
	if err != nil {
		t.Fatal(err)
	}
	closed, err := os.Open(short)
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	defer file.Close()
	for name, test := range map[string]struct {
		r    io.ReaderAt
		want error
	}{
		"short":        {strings.NewReader(strings.Repeat("x", 55)), io.ErrUnexpectedEOF},
		"a short file": {file, io.ErrUnexpectedEOF},
		"closed":       {closed, os.ErrClosed},
		"silent":       {silent{}, io.ErrUnexpectedEOF},
		"torn":         {failingAt{bytes.NewReader(make([]byte, 99)), 50, torn}, torn},
	} {
		for _, checksum := range []string{"crc32c", "signature", "none"} {
			for _, partSize := range []int{20, 1000} {
				f := newFake(t)
				b := f.openWith(s3.Options{PartSize: partSize}, map[string][]string{"checksum": {checksum}})
				check(t, b.Upload(t.Context(), "k", nil, test.r, 99), test.want, "")
				if len(f.objects) > 0 || len(f.uploads) > 0 {
					t.Errorf("%s, %s: left %d objects, %d uploads", name, checksum, len(f.objects), len(f.uploads))
				}
			}
		}
	}
	f := newFake(t)
	check(t, f.open(s3.Options{}).Upload(t.Context(), "k", nil, file, -1), fs.ErrInvalid, "-1")
}

// silent is a source that breaks its contract: it reads nothing, and says nothing.
type silent struct{}

func (silent) ReadAt([]byte, int64) (int, error) { return 0, nil }

type failingAt struct {
	io.ReaderAt
	at  int64
	err error
}

func (f failingAt) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) > f.at {
		return 0, f.err
	}
	return f.ReaderAt.ReadAt(p, offset)
}

// When Upload returns, nobody reads the source any more, although a request that
// was refused may still be on its way.
func TestUploadIsOver(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method != http.MethodPut {
			return false
		}
		refuse(w, 403, "AccessDenied") // before it has read the body
		return true
	}
	for _, partSize := range []int{1 << 20, 100 << 20} {
		source := &watched{size: 10 << 20}
		err := f.open(s3.Options{PartSize: partSize}).Upload(t.Context(), "k", nil, source, source.size)
		source.over.Store(true)
		check(t, err, fs.ErrPermission, "access denied")
		if len(f.uploads) > 0 {
			t.Errorf("%d uploads are left behind", len(f.uploads))
		}
		if source.late.Load() {
			t.Error("the source was read after the end")
		}
	}
}

// watched is a source of zeros that notes who reads it when it is over.
type watched struct {
	size       int64
	over, late atomic.Bool
}

func (w *watched) ReadAt(p []byte, _ int64) (int, error) {
	if w.over.Load() {
		w.late.Store(true)
	}
	clear(p)
	return len(p), nil
}

// A part that cannot be uploaded ends the upload, and what was uploaded goes; if it
// cannot go, whoever pays for it hears of that too.
func TestUploadPartFails(t *testing.T) {
	for _, stuck := range []bool{false, true} {
		f := newFake(t)
		f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if r.URL.Query().Get("partNumber") != "2" && (!stuck || r.Method != http.MethodDelete) {
				return false
			}
			refuse(w, 403, "AccessDenied")
			return true
		}
		err := uploadBytes(t.Context(), f.open(s3.Options{PartSize: 10}), "k", random(95), nil)
		check(t, err, fs.ErrPermission, "access denied")
		if left := strings.Contains(err.Error(), "upload upload1 are left behind"); left != stuck || (len(f.uploads) == 1) != stuck {
			t.Errorf("%d uploads are left, and the error says %v", len(f.uploads), err)
		}
	}
}

// An upload whose context ends is removed.
func TestUploadCancelled(t *testing.T) {
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.fault = func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.URL.Query().Get("partNumber") == "3" {
			cancel()
		}
		return false
	}
	check(t, uploadBytes(ctx, f.open(s3.Options{PartSize: 10, Concurrency: 1}), "k", random(95), nil), context.Canceled, "")
	if len(f.objects) != 0 || len(f.uploads) != 0 || !slices.Contains(f.requests(), "DELETE k?uploadId=upload1") {
		t.Errorf("left: %d objects, %d uploads", len(f.objects), len(f.uploads))
	}
}

// What was repeated is sent from its beginning.
func TestUploadIsRepeated(t *testing.T) {
	for _, partSize := range []int{10, 1000} {
		f := newFake(t)
		var refused atomic.Int32
		f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if r.Method != http.MethodPut || refused.Add(1) > 2 {
				return false
			}
			refuse(w, 503, "SlowDown")
			return true
		}
		data := random(95)
		check(t, uploadBytes(t.Context(), f.open(s3.Options{PartSize: partSize}), "k", data, nil), nil, "")
		if !bytes.Equal(f.objects["k"].data, data) {
			t.Error("it is not what was sent")
		}
	}
}
