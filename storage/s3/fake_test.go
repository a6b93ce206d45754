package s3_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"go.uber.org/goleak"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is as much of S3 as the tests need, with a log of what it was asked.
type fake struct {
	t   *testing.T
	url string

	// fault, if not nil, sees each request first; true means it has answered.
	fault func(w http.ResponseWriter, r *http.Request, serve http.Handler) bool

	mu        sync.Mutex
	log       []string // "PUT a/b", "POST a/b?uploads"
	headers   []http.Header
	objects   map[string]object
	uploads   map[string]*upload
	page      int               // keys per listing
	kept      map[string]string // keys that a batch does not delete, and the code
	copyLimit int               // the largest object that is copied in one request
}

type object struct {
	data  []byte
	token string
}

type upload struct {
	token string
	parts map[int][]byte
}

var modTime = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newFake(t *testing.T) *fake {
	f := &fake{t: t, objects: map[string]object{}, uploads: map[string]*upload{}, page: 1000, copyLimit: 1000}
	server := httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

// open returns a backend on the bucket b of the fake, that is quick to repeat.
func (f *fake) open(opts s3.Options) *s3.Backend {
	f.t.Helper()
	return f.openWith(opts, nil)
}

// openWith is open with parameters beside the endpoint, which nil takes away.
func (f *fake) openWith(opts s3.Options, params url.Values) *s3.Backend {
	f.t.Helper()
	if opts.Config == nil {
		opts.Config = config()
	}
	all := url.Values{"endpoint": {f.url}}
	maps.Copy(all, params)
	maps.DeleteFunc(all, func(_ string, values []string) bool { return values == nil })
	root := backend.Root{Scheme: "s3", Authority: "b", Params: all}
	b, err := s3.Open(f.t.Context(), root, &opts)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { b.Close() })
	return b
}

const (
	accessKey = "AKIAIOSFODNN7EXAMPLE"
	secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	session   = "FwoGZXIvYXdzEXAMPLESESSION"
)

func config() *aws.Config {
	return &aws.Config{
		Credentials: credentials.NewStaticCredentialsProvider(accessKey, secretKey, session),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Nanosecond })
		},
	}
}

// requests returns the log and begins a new one.
func (f *fake) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	log := f.log
	f.log, f.headers = nil, nil
	return log
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.log = append(f.log, line(r))
	f.headers = append(f.headers, r.Header)
	f.mu.Unlock()
	if f.fault != nil && f.fault(w, r, http.HandlerFunc(f.answer)) {
		return
	}
	f.answer(w, r)
}

func line(r *http.Request) string {
	key := strings.TrimPrefix(r.URL.Path, "/b/")
	query := r.URL.Query()
	for _, name := range []string{"uploads", "partNumber", "uploadId", "list-type", "delete"} {
		if query.Has(name) {
			return r.Method + " " + key + "?" + strings.TrimSuffix(name+"="+query.Get(name), "=")
		}
	}
	return r.Method + " " + key
}

func (f *fake) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key, query := strings.TrimPrefix(r.URL.Path, "/b/"), r.URL.Query()
	switch {
	case !strings.HasPrefix(r.URL.Path, "/b/") && r.URL.Path != "/b":
		refuse(w, 404, "NoSuchBucket")
	case query.Get("list-type") == "2":
		f.list(w, query)
	case query.Has("delete"):
		f.deleteBatch(w, r, body)
	case r.Header.Get("X-Amz-Copy-Source") != "":
		f.copy(w, r, key, query)
	case query.Has("uploads"), query.Has("uploadId"):
		f.multipart(w, r, key, query, body)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		f.get(w, r, key)
	case r.Method == http.MethodPut:
		f.put(w, r, key, object{body, r.Header.Get("X-Amz-Meta-Cairn-Writer")})
	case r.Method == http.MethodDelete:
		delete(f.objects, key)
		w.WriteHeader(204)
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("X-Amz-Request-Id", "R1")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>words of the store</Message></Error>", code)
}

func (f *fake) get(w http.ResponseWriter, r *http.Request, key string) {
	o, ok := f.objects[key]
	switch match := r.Header.Get("If-Match"); {
	case !ok:
		refuse(w, 404, "NoSuchKey")
	case match != "" && match != etag(o.data):
		refuse(w, 412, "PreconditionFailed")
	default:
		w.Header().Set("ETag", etag(o.data))
		w.Header().Set("X-Amz-Meta-Cairn-Writer", o.token)
		http.ServeContent(w, r, "", modTime, strings.NewReader(string(o.data)))
	}
}

func (f *fake) put(w http.ResponseWriter, r *http.Request, key string, o object) {
	present, exists := f.objects[key]
	if exists && r.Header.Get("If-None-Match") == "*" {
		refuse(w, 412, "PreconditionFailed")
		return
	}
	if match := r.Header.Get("If-Match"); match != "" && (!exists || etag(present.data) != match) {
		refuse(w, 412, "PreconditionFailed")
		return
	}
	f.objects[key] = o
	w.Header().Set("ETag", etag(o.data))
	if r.Method == http.MethodPost {
		fmt.Fprint(w, "<CompleteMultipartUploadResult/>")
	}
}

func (f *fake) multipart(w http.ResponseWriter, r *http.Request, key string, query url.Values, body []byte) {
	if query.Has("uploads") {
		id := fmt.Sprintf("upload%d", len(f.uploads)+1)
		f.uploads[id] = &upload{r.Header.Get("X-Amz-Meta-Cairn-Writer"), map[int][]byte{}}
		fmt.Fprintf(w, "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>", id)
		return
	}
	id := query.Get("uploadId")
	u, ok := f.uploads[id]
	switch {
	case !ok:
		refuse(w, 404, "NoSuchUpload")
	case r.Method == http.MethodDelete:
		delete(f.uploads, id)
		w.WriteHeader(204)
	case r.Method == http.MethodPut:
		number, _ := strconv.Atoi(query.Get("partNumber"))
		u.parts[number] = body
		w.Header().Set("ETag", etag(body))
	default:
		var data []byte
		for _, number := range slices.Sorted(maps.Keys(u.parts)) {
			data = append(data, u.parts[number]...)
		}
		f.put(w, r, key, object{data, u.token})
		if _, exists := f.objects[key]; exists && f.objects[key].token == u.token {
			delete(f.uploads, id)
		}
	}
}

func (f *fake) list(w http.ResponseWriter, query url.Values) {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(f.objects)) {
		if strings.HasPrefix(key, query.Get("prefix")) && key > query.Get("continuation-token") {
			keys = append(keys, key)
		}
	}
	fmt.Fprintf(w, "<ListBucketResult><EncodingType>url</EncodingType>")
	if len(keys) > f.page {
		keys = keys[:f.page]
		fmt.Fprintf(w, "<IsTruncated>true</IsTruncated><NextContinuationToken>%s</NextContinuationToken>", keys[f.page-1])
	}
	for _, key := range keys {
		fmt.Fprintf(w, "<Contents><Key>%s</Key><Size>%d</Size><LastModified>%s</LastModified></Contents>",
			url.QueryEscape(key), len(f.objects[key].data), modTime.Format(time.RFC3339))
	}
	fmt.Fprint(w, "</ListBucketResult>")
}

func etag(data []byte) string {
	sum := md5.Sum(data)
	return `"` + hex.EncodeToString(sum[:]) + `"`
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
