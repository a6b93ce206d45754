package gcs_test

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/storage"
	"google.golang.org/api/option"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

func TestOpenRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		root backend.Root
		opts *gcs.Options
		want string
	}{
		"no bucket":    {root: backend.Root{Scheme: "gs"}, want: "gs: configure: no bucket: write gs://BUCKET/path"},
		"unknown":      {root: with("endpont=x"), want: `gs: configure in bucket "b": unknown parameter "endpont" (known: anonymous, ca-file, chunk-size, concurrency, endpoint, impersonate, kms-key, read-only, storage-class, user-project)`},
		"endpoint":     {root: with("endpoint=localhost:4443"), want: `parameter "endpoint": an endpoint is http`},
		"anonymous":    {root: with("anonymous=maybe"), want: `parameter "anonymous" is true or false`},
		"plain text":   {root: with("endpoint=http://host&anonymous=false"), want: "credentials would travel in plain text"},
		"impersonate":  {root: with("anonymous=true&impersonate=robot"), want: "cannot \"impersonate\" anybody"},
		"key":          {root: with("kms-key=mine"), want: "the whole name of a key"},
		"chunk":        {root: with("chunk-size=8MB"), want: `parameter "chunk-size" is a size such as`},
		"concurrency":  {root: with("concurrency=0"), want: `parameter "concurrency" is a number from 1 up`},
		"read-only":    {root: with("read-only=perhaps"), want: `parameter "read-only" is true or false`},
		"own options":  {root: with("impersonate=robot"), opts: &gcs.Options{ClientOptions: []option.ClientOption{option.WithoutAuthentication()}}, want: "brought its own client options"},
		"with client":  {root: with("anonymous=true"), opts: &gcs.Options{Client: &storage.Client{}}, want: "the program brought its own client"},
		"with options": {root: with(""), opts: &gcs.Options{Client: &storage.Client{}, ClientOptions: []option.ClientOption{option.WithoutAuthentication()}}, want: "the program brought its own client"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := gcs.Open(t.Context(), test.root, test.opts)
			check(t, err, anyError, test.want)
		})
	}
}

func with(query string) backend.Root {
	params, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	return backend.Root{Scheme: "gs", Authority: "b", Params: params}
}

// The environment points at an emulator, a parameter goes before it.
func TestWhereRequestsGo(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("x")}
	for name, test := range map[string]struct{ emulator, query string }{
		"environment":           {f.url, ""},
		"environment, a host":   {strings.TrimPrefix(f.url, "http://"), ""},
		"parameter":             {"", "endpoint=" + f.url},
		"parameter first":       {"127.0.0.1:1", "endpoint=" + f.url},
		"parameter, with slash": {"", "endpoint=" + f.url + "/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("STORAGE_EMULATOR_HOST", test.emulator)
			b, err := gcs.Opener(nil)(t.Context(), with(test.query))
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			if err := write(t.Context(), b, "n", make([]byte, 10), nil); err != nil {
				t.Fatal(err)
			}
			if info, err := b.Stat(t.Context(), "k"); err != nil || info.Size != 1 || !info.ModTime.Equal(updated) {
				t.Errorf("Stat = %+v, %v", info, err)
			}
			if err := b.Close(); err != nil { // a second time, by the deferred one, is no error either
				t.Error(err)
			}
		})
	}
}

// Without credentials the first request says what to do about it.
func TestNoCredentials(t *testing.T) {
	t.Setenv("STORAGE_EMULATOR_HOST", "")
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", filepath.Join(t.TempDir(), "none.json"))
	b, err := gcs.Open(t.Context(), with(""), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	_, err = b.Stat(t.Context(), "k")
	check(t, err, anyError, "no usable credentials: set GOOGLE_APPLICATION_CREDENTIALS")
}

// A client that the program made is used as it is, and stays open.
func TestOwnClient(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("x")}
	api, err := storage.NewClient(t.Context(), option.WithEndpoint(f.url+"/storage/v1/"), option.WithoutAuthentication(), storage.WithJSONReads())
	if err != nil {
		t.Fatal(err)
	}
	defer api.Close()
	b, err := gcs.Open(t.Context(), with(""), &gcs.Options{Client: api})
	if err != nil {
		t.Fatal(err)
	}
	check(t, read(t.Context(), b, "k", nil), nil, "")
	check(t, b.Close(), nil, "")
}

// What has arrived is not read any more after the context ended.
func TestReadingEndsWithTheContext(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("content")}
	ctx, cancel := context.WithCancel(t.Context())
	r, err := f.open(nil).Open(ctx, "k", nil)
	check(t, err, nil, "")
	defer r.Close()
	_, err = r.Read(make([]byte, 1))
	check(t, err, nil, "")
	cancel()
	_, err = r.Read(make([]byte, 1))
	check(t, err, context.Canceled, `gs: read "k"`)
}
