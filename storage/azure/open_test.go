package azure_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/cairnstate/cairn/storage/azure"
	"github.com/cairnstate/cairn/storage/backend"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const at = "states@account.dfs.core.windows.net"

// fake answers every request with the same object, and notes what it is asked.
type fake struct {
	url    string
	server *httptest.Server

	mu    sync.Mutex
	asked []*http.Request
}

func newFake(t *testing.T) *fake { return startFake(t, httptest.NewServer) }

func startFake(t *testing.T, start func(http.Handler) *httptest.Server) *fake {
	for _, name := range []string{"AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN"} {
		t.Setenv(name, "")
	}
	f := new(fake)
	f.server = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.asked = append(f.asked, r)
		f.mu.Unlock()
		w.Header().Set("Last-Modified", "Wed, 01 Apr 2026 12:00:00 GMT")
		w.Header().Set("x-ms-creation-time", "Wed, 01 Apr 2026 12:00:00 GMT")
		w.Header().Set("Content-Length", "7")
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, "content")
		}
	}))
	t.Cleanup(f.server.Close)
	f.url = f.server.URL
	return f
}

func (f *fake) open(t *testing.T, query string) backend.Backend {
	t.Helper()
	b, err := azure.Opener(nil)(t.Context(), root("endpoint="+f.url+"/account&"+query))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func root(query string) backend.Root {
	params, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	return backend.Root{Scheme: "abfss", Authority: at, Params: params}
}

func TestOpenRefuses(t *testing.T) {
	for want, given := range map[string]backend.Root{
		"a location is abfss://CONTAINER@ACCOUNT": {Scheme: "wasb", Authority: "user:hush@account.blob.core.windows.net"},
		`unknown parameter "key"`:                 root("key=hush"),
		`parameter "anonymous" is true or false`:  root("anonymous=hush"),
		`parameter "read-only" is true or false`:  root("read-only=hush"),
		`parameter "endpoint"`:                    root("endpoint=hush"),
		`parameter "ca-file"`:                     root("ca-file=/none/such"),
	} {
		_, err := azure.Open(t.Context(), given, nil)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("error %v, want it to say %q", err, want)
		}
	}
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "")
	t.Setenv("AZURE_STORAGE_KEY", "hush!")
	if _, err := azure.Open(t.Context(), root(""), nil); err == nil || !strings.Contains(err.Error(), "AZURE_STORAGE_KEY") || strings.Contains(err.Error(), "hush") {
		t.Errorf("with a key that is none: %v", err)
	}
}

// Each kind of credentials travels as it should, and the first one wins.
func TestCredentials(t *testing.T) {
	for name, test := range map[string]struct {
		key, signature, query string
		want                  func(r *http.Request) bool
	}{
		"anonymous": {key: "a2V5", query: "anonymous=true", want: func(r *http.Request) bool { return r.Header.Get("Authorization") == "" }},
		"key": {key: "a2V5", want: func(r *http.Request) bool {
			return strings.HasPrefix(r.Header.Get("Authorization"), "SharedKey account:")
		}},
		"signature": {key: "a2V5", signature: "?sv=1&sig=hush", want: func(r *http.Request) bool {
			return r.Header.Get("Authorization") == "" && r.URL.Query().Get("sig") == "hush"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			t.Setenv("AZURE_STORAGE_KEY", test.key)
			t.Setenv("AZURE_STORAGE_SAS_TOKEN", test.signature)
			if _, err := f.open(t, test.query).Stat(t.Context(), "a/b"); err != nil {
				t.Fatal(err)
			}
			if r := f.asked[0]; r.URL.Path != "/account/states/a/b" || !test.want(r) {
				t.Errorf("asked for %s with %q", r.URL, r.Header.Get("Authorization"))
			}
		})
	}
}

// A signature in the URL is in no error.
func TestNoSecretInErrors(t *testing.T) {
	f := newFake(t)
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "sv=1&sig=hush")
	f.url = "http://127.0.0.1:1"
	ctx, cancel := context.WithCancel(t.Context())
	b := f.open(t, "")
	cancel()
	_, err := b.Stat(ctx, "k")
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "hush") {
		t.Errorf("error %v", err)
	}
}

// What was opened for reading alone sends GET and HEAD.
func TestReadOnly(t *testing.T) {
	f := newFake(t)
	b := f.open(t, "anonymous=true&read-only=true")
	if _, err := b.Create(t.Context(), "k", nil); !errors.Is(err, backend.ErrReadOnly) {
		t.Errorf("Create gives %v", err)
	}
	if err := b.Delete(t.Context(), "k"); !errors.Is(err, backend.ErrReadOnly) {
		t.Errorf("Delete gives %v", err)
	}
	r, err := b.Open(t.Context(), "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); string(got) != "content" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	for _, r := range f.asked {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			t.Errorf("sent %s %s", r.Method, r.URL)
		}
	}
	if !backend.LimitsOf(b).ReadOnly {
		t.Error("the limits do not say so")
	}
}
