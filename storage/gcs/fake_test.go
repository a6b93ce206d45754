package gcs_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is as much of the JSON protocol as the tests need, with a log of what it
// was asked.
type fake struct {
	t      *testing.T
	url    string
	server *httptest.Server

	// fault, if not nil, sees each request first; true means it has answered.
	fault func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool

	mu      sync.Mutex
	log     []string // "GET k", "POST multipart"
	objects map[string]object
	uploads []*upload
	newest  int64 // generation
	page    int   // keys per listing
}

type object struct {
	data       []byte
	token      string
	generation int64 // 0 is that of objects that were there from the beginning
	described  description
}

// description is what a writer says of an object.
type description struct {
	Metadata     map[string]string
	CRC32C       string
	StorageClass string
}

type upload struct {
	key, condition string
	described      description
	data           []byte
}

var updated = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newFake(t *testing.T) *fake { return startFake(t, httptest.NewServer) }

func startFake(t *testing.T, start func(http.Handler) *httptest.Server) *fake {
	t.Setenv("STORAGE_EMULATOR_HOST", "")
	f := &fake{t: t, objects: map[string]object{}, page: 1000}
	f.server = start(http.HandlerFunc(f.serve))
	t.Cleanup(f.server.Close)
	f.url = f.server.URL
	return f
}

// open returns a backend on the bucket b of the fake, that is quick to repeat.
func (f *fake) open(opts *gcs.Options) *gcs.Backend {
	f.t.Helper()
	root := backend.Root{Scheme: "gs", Authority: "b", Params: url.Values{"endpoint": {f.url}}}
	b, err := gcs.Open(f.t.Context(), root, opts)
	if err != nil {
		f.t.Fatal(err)
	}
	gcs.Hurry(b)
	f.t.Cleanup(func() { b.Close() })
	return b
}

// requests returns the log and begins a new one.
func (f *fake) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	log := f.log
	f.log = nil
	return log
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.log = append(f.log, line(r))
	f.mu.Unlock()
	if f.fault != nil && f.fault(w, r, http.HandlerFunc(f.answer)) {
		return
	}
	f.answer(w, r)
}

func line(r *http.Request) string {
	key := strings.TrimPrefix(r.URL.Path, "/storage/v1/b/b/o")
	switch query := r.URL.Query(); {
	case query.Has("uploadType"):
		return "POST " + query.Get("uploadType")
	case r.URL.Path == "/batch/storage/v1":
		return "BATCH"
	case strings.Contains(key, "/rewriteTo/"):
		return "REWRITE " + strings.TrimPrefix(strings.ReplaceAll(key, "/rewriteTo/b/b/o", " to"), "/")
	case r.Method == http.MethodPost:
		return "CHUNK " + r.Header.Get("Content-Range")
	case key == "":
		return "LIST " + query.Get("prefix")
	case query.Get("alt") == "media":
		return "READ " + strings.TrimPrefix(key, "/")
	default:
		return r.Method + " " + strings.TrimPrefix(key, "/")
	}
}

func (f *fake) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	if r.URL.Path == "/batch/storage/v1" {
		f.batch(w, r, body)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/storage/v1/b/b/o/")
	from, to, rewrites := strings.Cut(key, "/rewriteTo/b/b/o/")
	switch {
	case rewrites && f.has(from):
		f.rewrite(w, r, from, to, body)
	case rewrites:
		refuse(w, 404, "No such object: b/"+from)
	case r.URL.Query().Has("uploadType"):
		f.insert(w, r, body)
	case r.Method == http.MethodPost:
		f.chunk(w, r, body)
	case r.URL.Path == "/storage/v1/b/b/o":
		f.list(w, r.URL.Query())
	case r.Method == http.MethodDelete && f.has(key):
		delete(f.objects, key)
		w.WriteHeader(204)
	case !f.has(key):
		refuse(w, 404, "No such object: b/"+key)
	case r.URL.Query().Get("alt") == "media":
		f.read(w, r, f.objects[key])
	default:
		describe(w, key, f.objects[key])
	}
}

func (f *fake) has(key string) bool {
	_, ok := f.objects[key]
	return ok
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": status, "message": message}})
}

func (f *fake) read(w http.ResponseWriter, r *http.Request, o object) {
	generation := fmt.Sprint(o.number())
	if want := r.URL.Query().Get("generation"); want != "" && want != generation {
		refuse(w, 404, "No such object")
		return
	}
	if want := r.URL.Query().Get("ifGenerationMatch"); want != "" && want != generation {
		refuse(w, 412, "At least one of the pre-conditions you specified did not hold.")
		return
	}
	w.Header().Set("X-Goog-Generation", generation)
	w.Header().Set("X-Goog-Hash", "crc32c="+crc32c(o.data))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(o.data))
}

func describe(w http.ResponseWriter, key string, o object) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(resource(key, o))
}

func resource(key string, o object) map[string]any {
	return map[string]any{
		"name": key, "bucket": "b", "size": fmt.Sprint(len(o.data)), "updated": updated, "crc32c": crc32c(o.data),
		"metadata": map[string]string{"cairn-writer": o.token}, "generation": fmt.Sprint(o.number()),
	}
}

// number is the generation; there is none of 0.
func (o object) number() int64 { return o.generation + 1 }

func crc32c(data []byte) string {
	sum := crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))
	text, _ := json.Marshal([]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	return strings.Trim(string(text), `"`)
}

// insert takes a whole object, or begins an upload in chunks.
func (f *fake) insert(w http.ResponseWriter, r *http.Request, body []byte) {
	u := &upload{key: r.URL.Query().Get("name"), condition: r.URL.Query().Get("ifGenerationMatch")}
	if r.URL.Query().Get("uploadType") == "resumable" {
		u.describe(body)
		f.uploads = append(f.uploads, u)
		w.Header().Set("Location", fmt.Sprintf("%s/upload/%d", f.url, len(f.uploads)-1))
		return
	}
	_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for _, take := range []func([]byte){u.describe, func(data []byte) { u.data = data }} {
		part, err := parts.NextPart()
		if err != nil {
			f.t.Errorf("not two parts: %v", err)
			return
		}
		data, _ := io.ReadAll(part)
		take(data)
	}
	f.publish(w, u)
}

func (u *upload) describe(body []byte) {
	_ = json.Unmarshal(body, &u.described)
}

// chunk takes the next bytes of an upload. "bytes 0-9/*" has more to come.
func (f *fake) chunk(w http.ResponseWriter, r *http.Request, body []byte) {
	var number int
	_, _ = fmt.Sscanf(r.URL.Path, "/upload/%d", &number)
	u := f.uploads[number]
	var first int
	if n, _ := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes %d-", &first); n == 0 {
		first = len(u.data) // "bytes */20": only the end is told
	}
	u.data = append(u.data[:first], body...) // it may have come before
	if strings.HasSuffix(r.Header.Get("Content-Range"), "/*") {
		w.Header().Set("X-Http-Status-Code-Override", "308")
		w.Header().Set("Range", fmt.Sprintf("bytes=0-%d", len(u.data)-1))
		return
	}
	f.publish(w, u)
}

func (f *fake) publish(w http.ResponseWriter, u *upload) {
	if f.publishes(w, u) {
		describe(w, u.key, f.objects[u.key])
	}
}

// publishes makes the object be, if its condition holds and its checksum is right.
func (f *fake) publishes(w http.ResponseWriter, u *upload) bool {
	generation := int64(0)
	if f.has(u.key) {
		generation = f.objects[u.key].number()
	}
	if u.condition != "" && u.condition != fmt.Sprint(generation) {
		refuse(w, 412, "At least one of the pre-conditions you specified did not hold.")
		return false
	}
	if want := u.described.CRC32C; want != "" && want != crc32c(u.data) {
		refuse(w, 400, "Provided CRC32C does not match")
		return false
	}
	f.newest++
	f.objects[u.key] = object{u.data, u.described.Metadata["cairn-writer"], f.newest, u.described}
	return true
}

func (f *fake) rewrite(w http.ResponseWriter, r *http.Request, from, to string, body []byte) {
	u := &upload{key: to, condition: r.URL.Query().Get("ifGenerationMatch"), data: f.objects[from].data}
	u.describe(body)
	if f.publishes(w, u) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"done": true, "resource": resource(to, f.objects[to])})
	}
}

// batch answers requests within a request, in reverse order.
func (f *fake) batch(w http.ResponseWriter, r *http.Request, body []byte) {
	_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	var answers [][]byte
	for part, err := parts.NextPart(); err == nil; part, err = parts.NextPart() {
		within, err := http.ReadRequest(bufio.NewReader(part))
		if err != nil {
			f.t.Errorf("no request in a batch: %v", err)
			return
		}
		recorder := httptest.NewRecorder()
		f.serve(recorder, within)
		dump, _ := httputil.DumpResponse(recorder.Result(), true)
		id := strings.Replace(part.Header.Get("Content-Id"), "<", "<response-", 1)
		answers = append(answers, append([]byte("Content-Type: application/http\r\nContent-ID: "+id+"\r\n\r\n"), dump...))
	}
	w.Header().Set("Content-Type", "multipart/mixed; boundary=batch")
	slices.Reverse(answers)
	for _, answer := range answers {
		fmt.Fprintf(w, "--batch\r\n%s\r\n", answer)
	}
	fmt.Fprint(w, "--batch--\r\n")
}

func (f *fake) list(w http.ResponseWriter, query url.Values) {
	var items []any
	next := ""
	for _, key := range slices.Sorted(maps.Keys(f.objects)) {
		if !strings.HasPrefix(key, query.Get("prefix")) || key <= query.Get("pageToken") {
			continue
		}
		if len(items) == f.page {
			next = items[f.page-1].(map[string]any)["name"].(string)
			break
		}
		items = append(items, resource(key, f.objects[key]))
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"items": items, "nextPageToken": next})
}

// write writes an object in one go.
func write(ctx context.Context, b backend.Backend, key string, data []byte, opts *backend.CreateOptions) error {
	w, err := b.Create(ctx, key, opts)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Commit()
}
