package gcs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"cloud.google.com/go/storage"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/option"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

func TestVersions(t *testing.T) {
	f := newFake(t)
	b := f.open(nil)
	check(t, write(t.Context(), b, "k", []byte("first"), nil), nil, "")
	first, err := b.Stat(t.Context(), "k")
	check(t, err, nil, "")
	check(t, read(t.Context(), b, "k", &backend.OpenOptions{Version: first.Version}), nil, "")
	for info, err := range b.List(t.Context(), "") {
		if err != nil || info.Version != first.Version {
			t.Errorf("List tells version %q, Stat %q (%v)", info.Version, first.Version, err)
		}
	}
	check(t, write(t.Context(), b, "k", []byte("first"), nil), nil, "")
	for _, opts := range []backend.OpenOptions{{}, {Offset: 99}} {
		for _, version := range []string{first.Version, "none of ours"} {
			opts.Version = version
			check(t, read(t.Context(), b, "k", &opts), backend.ErrChanged, "replaced meanwhile")
		}
	}
	check(t, read(t.Context(), b, "absent", &backend.OpenOptions{Version: first.Version}), fs.ErrNotExist, "")
}

// An emulator that does not know the condition does not get around it.
func TestVersionsWhereConditionsAreIgnored(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("new"), generation: 7}
	f.fault = func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		query := r.URL.Query()
		query.Del("ifGenerationMatch")
		r.URL.RawQuery = query.Encode()
		return false
	}
	check(t, read(t.Context(), f.open(nil), "k", &backend.OpenOptions{Version: "3"}), backend.ErrChanged, "")
}

func TestSwap(t *testing.T) {
	f := newFake(t)
	b := f.open(&gcs.Options{ChunkSize: chunk})
	first, err := b.Swap(t.Context(), "k", "", []byte("1"))
	check(t, err, nil, "")
	second, err := b.Swap(t.Context(), "k", first, bytes.Repeat([]byte("2"), chunk+1))
	check(t, err, nil, "")
	if want := []string{"POST multipart", "POST multipart"}; !slices.Equal(f.requests(), want) {
		t.Error("a swap is more than one request")
	}
	for _, old := range []string{"", first, "none of ours"} {
		_, err := b.Swap(t.Context(), "k", old, nil)
		check(t, err, backend.ErrChanged, `gs: swap "k" in bucket "b": the object was replaced meanwhile`)
	}
	_, err = b.Swap(t.Context(), "absent", second, nil)
	check(t, err, backend.ErrChanged, "")
	if info, err := b.Stat(t.Context(), "k"); err != nil || info.Version != second || info.Size != chunk+1 {
		t.Errorf("in the end there is %+v, %v", info, err)
	}
}

// Whatever becomes of the answers, Swap says what is true, or that it is in doubt.
func TestSwapSettles(t *testing.T) {
	overload := says(503, "Backend Error")
	overtaken := func(f *fake) answer { // ours arrives, the answer is lost, and another swaps
		return func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
			lost(w, r, serve)
			f.mu.Lock()
			defer f.mu.Unlock()
			f.objects["k"] = object{data: []byte("others"), generation: 99}
		}
	}
	for name, test := range map[string]struct {
		faults  func(f *fake) []answer
		changed bool // another version is there from the beginning
		want    error
		says    string
	}{
		"plain":         {},
		"changed":       {changed: true, want: backend.ErrChanged},
		"answer lost":   {faults: func(*fake) []answer { return []answer{lost} }},
		"overload once": {faults: func(*fake) []answer { return []answer{overload} }},
		"never arrived": {faults: func(*fake) []answer { return []answer{overload, overload, overload, overload, overload} }, want: backend.ErrThrottled},
		"overtaken":     {faults: func(f *fake) []answer { return []answer{overtaken(f)} }, want: anyError, says: "could not be found out"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.objects["k"] = object{data: []byte("old")}
			if test.changed {
				f.objects["k"] = object{data: []byte("others"), generation: 5}
			}
			if test.faults != nil {
				f.faults(test.faults(f)...)
			}
			version, err := f.open(nil).Swap(t.Context(), "k", "1", []byte("mine"))
			check(t, err, test.want, test.says)
			if err == nil && (version == "" || string(f.objects["k"].data) != "mine") {
				t.Errorf("Swap succeeded with version %q, and there is %q", version, f.objects["k"].data)
			}
			if test.want == anyError && errors.Is(err, backend.ErrChanged) {
				t.Errorf("%v claims that nothing has changed", err)
			}
		})
	}
}

// ownClient returns a backend whose client does not show that it asks a fake.
func (f *fake) ownClient() *gcs.Backend {
	f.t.Helper()
	api, err := storage.NewClient(f.t.Context(), option.WithEndpoint(f.url+"/storage/v1/"), option.WithoutAuthentication(), storage.WithJSONReads())
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { api.Close() })
	b, err := gcs.Open(f.t.Context(), with("storage-class=NEARLINE"), &gcs.Options{Client: api})
	if err != nil {
		f.t.Fatal(err)
	}
	gcs.Hurry(b)
	return b
}

func TestCopy(t *testing.T) {
	f := newFake(t)
	f.objects["from"] = object{data: []byte("content")}
	b, exclusive := f.ownClient(), &backend.CreateOptions{IfAbsent: true}
	check(t, b.Copy(t.Context(), "from", "to", exclusive), nil, "")
	if got := f.objects["to"]; string(got.data) != "content" || got.described.StorageClass != "NEARLINE" {
		t.Errorf("the copy is %q of class %q", got.data, got.described.StorageClass)
	}
	if diff := cmp.Diff([]string{"REWRITE from to/to"}, f.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	check(t, b.Copy(t.Context(), "from", "to", exclusive), fs.ErrExist, "exists already")
	check(t, b.Copy(t.Context(), "absent", "to", nil), fs.ErrNotExist, `"absent"`)
	check(t, b.Copy(t.Context(), "from", "../to", nil), fs.ErrInvalid, "")
	check(t, b.Copy(t.Context(), "", "to", nil), fs.ErrInvalid, "")
}

// A copy whose answer is lost is there, and known by its token.
func TestCopySettles(t *testing.T) {
	f := newFake(t)
	f.objects["from"] = object{data: []byte("content")}
	var seen atomic.Int32
	f.fault = func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool {
		if !strings.Contains(r.URL.Path, "rewriteTo") || seen.Add(1) > 1 {
			return false
		}
		lost(w, r, serve)
		return true
	}
	check(t, f.ownClient().Copy(t.Context(), "from", "to", &backend.CreateOptions{IfAbsent: true}), nil, "")
}

// Emulators rewrite without looking at the condition, so an exclusive copy is
// streamed there.
func TestExclusiveCopyThroughAnEndpoint(t *testing.T) {
	f := newFake(t)
	f.objects["from"] = object{data: []byte("content")}
	f.objects["to"] = object{data: []byte("others")}
	b, exclusive := f.open(nil), &backend.CreateOptions{IfAbsent: true}
	check(t, b.Copy(t.Context(), "from", "to", exclusive), errors.ErrUnsupported, "")
	check(t, backend.Copy(t.Context(), b, "from", "to", exclusive), fs.ErrExist, "")
	check(t, backend.Copy(t.Context(), b, "from", "to", nil), nil, "")
}

// into is an io.WriterAt of a fixed size, that may be written in parts at once.
type into []byte

func (i into) WriteAt(p []byte, off int64) (int, error) { return copy(i[off:], p), nil }

func TestDownload(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 3*chunk/16)
	data = append(data, "the rest"...)
	size := int64(len(data))
	for name, test := range map[string]struct {
		opts     *backend.OpenOptions
		from, to int64
		requests int
	}{
		"all":          {nil, 0, size, 4},
		"one chunk":    {&backend.OpenOptions{Length: chunk}, 0, chunk, 1},
		"some":         {&backend.OpenOptions{Offset: 5, Length: 2*chunk + 1}, 5, 5 + 2*chunk + 1, 3},
		"to the end":   {&backend.OpenOptions{Offset: size - 4}, size - 4, size, 1},
		"past the end": {&backend.OpenOptions{Offset: size - 4, Length: 9 * chunk}, size - 4, size, 1},
		"beyond":       {&backend.OpenOptions{Offset: size + 1}, size, size, 2},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.objects["k"] = object{data: data, generation: 3}
			got := make(into, test.to-test.from)
			info, err := f.open(&gcs.Options{ChunkSize: chunk, Concurrency: 2}).Download(t.Context(), "k", test.opts, got)
			check(t, err, nil, "")
			if !bytes.Equal(got, data[test.from:test.to]) || info.Size != size || info.Version != "4" {
				t.Errorf("got %d bytes, which are not those that were asked for, of %+v", len(got), info)
			}
			if n := len(f.requests()); n != test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
		})
	}
}

// All parts are of one generation, or it fails.
func TestDownloadOfWhatIsReplaced(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: make([]byte, 4*chunk)}
	var seen atomic.Int32
	f.fault = func(_ http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		if seen.Add(1) == 2 {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.objects["k"] = object{data: make([]byte, 4*chunk), generation: 8}
		}
		return false
	}
	_, err := f.open(&gcs.Options{ChunkSize: chunk}).Download(t.Context(), "k", nil, make(into, 4*chunk))
	check(t, err, backend.ErrChanged, `gs: download "k"`)
	_, err = f.open(nil).Download(t.Context(), "absent", nil, nil)
	check(t, err, fs.ErrNotExist, "")
}

func TestDeleteAll(t *testing.T) {
	f := newFake(t)
	var keys []string
	for i := range 250 {
		keys = append(keys, fmt.Sprintf("chk/%d /?%%", i))
		f.objects[keys[i]] = object{}
	}
	keys = append(keys, "absent", "/")
	check(t, f.open(nil).DeleteAll(t.Context(), keys), fs.ErrInvalid, `delete "/"`)
	if len(f.objects) != 0 {
		t.Errorf("%d objects are left", len(f.objects))
	}
	if n := slices.DeleteFunc(f.requests(), func(line string) bool { return line != "BATCH" }); len(n) != 3 {
		t.Errorf("%d batches, want 3", len(n))
	}
	check(t, f.open(nil).DeleteAll(t.Context(), nil), nil, "")
}

// What the store had no time for is asked for again, and nothing else is; what it
// refuses is told by name.
func TestDeleteAllSettles(t *testing.T) {
	f := newFake(t)
	for _, key := range []string{"a", "busy", "lost", "denied"} {
		f.objects[key] = object{}
	}
	var busy atomic.Int32
	f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		switch {
		case strings.HasSuffix(r.URL.Path, "/busy") && busy.Add(1) == 1:
			refuse(w, 503, "Backend Error")
			return true
		case strings.HasSuffix(r.URL.Path, "/denied"):
			refuse(w, 403, "no access")
			return true
		}
		return false
	}
	b := f.open(nil)
	check(t, b.DeleteAll(t.Context(), []string{"a", "busy", "lost"}), nil, "")
	if diff := cmp.Diff([]string{"BATCH", "DELETE a", "DELETE busy", "DELETE lost", "BATCH", "DELETE busy"}, f.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	check(t, b.DeleteAll(t.Context(), []string{"a", "denied"}), fs.ErrPermission, `delete "denied"`)
}

// A batch that does not come through is repeated, and not for ever.
func TestDeleteAllOfAnOverloadedStore(t *testing.T) {
	f := newFake(t)
	f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
		refuse(w, 503, "Backend Error")
		return true
	}
	check(t, f.open(nil).DeleteAll(t.Context(), []string{"a"}), backend.ErrThrottled, "overloaded")
	if n := len(f.requests()); n != 5 {
		t.Errorf("%d requests, want 5", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	check(t, f.open(nil).DeleteAll(ctx, []string{"a"}), context.Canceled, "")
}

// A client of the program's own deletes one by one.
func TestDeleteAllByOwnClient(t *testing.T) {
	f := newFake(t)
	f.objects["a"], f.objects["b"] = object{}, object{}
	check(t, f.ownClient().DeleteAll(t.Context(), []string{"a", "b"}), nil, "")
	if log := f.requests(); len(log) != 2 || len(f.objects) != 0 {
		t.Errorf("requests %q, left %d", log, len(f.objects))
	}
}

// An object of one chunk comes with its checksum, and is refused if it arrives
// wrong; the SDK would look afterwards.
func TestChecksumComesFirst(t *testing.T) {
	f := newFake(t)
	b := f.open(&gcs.Options{KMSKey: "projects/p/locations/l/keyRings/r/cryptoKeys/k"})
	var keys []string
	f.fault = func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		keys = append(keys, r.URL.Query().Get("kmsKeyName"))
		return false
	}
	check(t, write(t.Context(), b, "k", []byte("content"), nil), nil, "")
	if got := f.objects["k"].described.CRC32C; got != crc32c([]byte("content")) {
		t.Errorf("the object came with checksum %q", got)
	}
	if !slices.Equal(keys, []string{"projects/p/locations/l/keyRings/r/cryptoKeys/k"}) {
		t.Errorf("encrypted with %q", keys)
	}
}

func TestLimits(t *testing.T) {
	f := newFake(t)
	check(t, backend.Require(f.open(nil), backend.ExclusiveCreate, backend.AtomicReplace, backend.ListAfterWrite,
		backend.Swapping, backend.Durability, backend.Writing), nil, "")
}

// What errors mean beyond themselves.
func TestKinds(t *testing.T) {
	for name, test := range map[string]struct {
		answer               http.HandlerFunc
		throttled, transient bool
	}{
		"429": {code(429, "rateLimitExceeded"), true, true}, "503": {code(503, "backendError"), true, true},
		"500": {code(500, "internal"), false, true}, "408": {code(408, "timeout"), false, true},
		"403": {code(403, "forbidden"), false, false}, "400": {code(400, "bad"), false, false},
		"reset": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false, true},
	} {
		f := newFake(t)
		f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool { test.answer(w, r); return true }
		_, err := f.open(nil).Stat(t.Context(), "k")
		if errors.Is(err, backend.ErrThrottled) != test.throttled || errors.Is(err, backend.ErrTransient) != test.transient {
			t.Errorf("%s: %v is throttled %v, transient %v", name, err, errors.Is(err, backend.ErrThrottled), errors.Is(err, backend.ErrTransient))
		}
	}
}
