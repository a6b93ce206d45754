package gcs_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/api/option"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

// What was opened for reading alone sends nothing that writes: neither a verb, nor
// the SDK when it is told to.
func TestReadOnly(t *testing.T) {
	for name, opts := range map[string]*gcs.Options{
		"ours": nil, "with options": {ClientOptions: []option.ClientOption{option.WithHTTPClient(&http.Client{})}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.objects["k"] = object{data: []byte("content")}
			var methods []string
			f.fault = func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				methods = append(methods, r.Method)
				return false
			}
			b, err := gcs.Open(t.Context(), with("read-only=true&endpoint="+f.url), opts)
			check(t, err, nil, "")
			defer b.Close()
			gcs.Hurry(b)
			refusesToWrite(t, b)
			check(t, read(t.Context(), b, "k", nil), nil, "")
			_, err = b.Stat(t.Context(), "k")
			check(t, err, nil, "")
			for _, err := range b.List(t.Context(), "") {
				check(t, err, nil, "")
			}
			check(t, sdkWrites(t, b), backend.ErrReadOnly, "")
			if got := strings.Join(methods, " "); got != "GET GET GET" {
				t.Errorf("requests were made by %q", got)
			}
			http.DefaultClient.CloseIdleConnections()
		})
	}
}

func refusesToWrite(t *testing.T, b *gcs.Backend) {
	t.Helper()
	ctx := t.Context()
	_, createErr := b.Create(ctx, "n", nil)
	_, swapErr := b.Swap(ctx, "k", "1", nil)
	for _, err := range []error{
		createErr, swapErr, b.Delete(ctx, "k"), b.DeleteAll(ctx, []string{"k"}), b.Copy(ctx, "k", "n", nil),
		backend.Require(b, backend.Writing),
	} {
		check(t, err, backend.ErrReadOnly, "")
	}
}

// sdkWrites has the SDK write past the backend.
func sdkWrites(t *testing.T, b *gcs.Backend) error {
	t.Helper()
	api, err := gcs.API(t.Context(), b)
	check(t, err, nil, "")
	w := api.Bucket("b").Object("n").NewWriter(t.Context())
	_, _ = io.WriteString(w, "content")
	return w.Close()
}

// secure returns a fake that speaks TLS with a certificate of its own, and the
// parameters to reach it.
func secure(t *testing.T) (*fake, string) {
	f := startFake(t, httptest.NewTLSServer)
	f.objects["k"] = object{data: []byte("content")}
	file := filepath.Join(t.TempDir(), "ca.pem")
	block := &pem.Block{Type: "CERTIFICATE", Bytes: f.server.Certificate().Raw}
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	return f, "endpoint=" + f.url + "&ca-file=" + url.QueryEscape(file)
}

func TestOwnCertificates(t *testing.T) {
	f, query := secure(t)
	f.server.Config.ErrorLog = nil
	b, err := gcs.Open(t.Context(), with(query+"&anonymous=true"), nil)
	check(t, err, nil, "")
	defer b.Close()
	check(t, read(t.Context(), b, "k", nil), nil, "")

	empty := filepath.Join(t.TempDir(), "empty.pem")
	check(t, os.WriteFile(empty, []byte("hush"), 0o600), nil, "")
	_, err = gcs.Open(t.Context(), with("ca-file="+empty), nil)
	check(t, err, anyError, `holds no certificate in PEM form`)
	_, err = gcs.Open(t.Context(), with("ca-file="+empty+"x"), nil)
	check(t, err, fs.ErrNotExist, `parameter "ca-file"`)
}

// iam is the service that impersonates: it hands out one token for one account.
type iam struct{ asked []string }

func (i *iam) RoundTrip(r *http.Request) (*http.Response, error) {
	i.asked = append(i.asked, r.URL.Path)
	answer := httptest.NewRecorder()
	_ = json.NewEncoder(answer).Encode(map[string]string{"accessToken": "borrowed", "expireTime": time.Now().Add(time.Hour).Format(time.RFC3339)})
	return answer.Result(), nil
}

func TestImpersonate(t *testing.T) {
	f, query := secure(t)
	var tokens []string
	f.fault = func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		tokens = append(tokens, r.Header.Get("Authorization"))
		return false
	}
	b, err := gcs.Open(t.Context(), with(query+"&impersonate=robot@project.iam.gserviceaccount.com"), nil)
	check(t, err, nil, "")
	defer b.Close()
	service := new(iam)
	gcs.ImpersonateBy(b, &http.Client{Transport: service})
	check(t, read(t.Context(), b, "k", nil), nil, "")
	if len(service.asked) != 1 || !strings.Contains(service.asked[0], "robot@project.iam.gserviceaccount.com:generateAccessToken") {
		t.Errorf("asked for a token by %q", service.asked)
	}
	if got := strings.Join(tokens, ", "); got != "Bearer borrowed" {
		t.Errorf("read with %q", got)
	}
}

// account writes the file of a service account with a private key.
func account(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	check(t, err, nil, "")
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	check(t, err, nil, "")
	text, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": "robot@project", "token_uri": "http://127.0.0.1:1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})),
	})
	check(t, err, nil, "")
	file := filepath.Join(t.TempDir(), "account.json")
	check(t, os.WriteFile(file, text, 0o600), nil, "")
	return file
}

func TestLocate(t *testing.T) {
	t.Setenv("STORAGE_EMULATOR_HOST", "")
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", account(t))
	b, err := gcs.Open(t.Context(), with("user-project=payer"), nil)
	check(t, err, nil, "")
	defer b.Close()
	at, err := b.Locate(t.Context(), "a b/c?", time.Hour)
	check(t, err, nil, "")
	query := at.Query()
	if at.Host != "storage.googleapis.com" || at.Path != "/b/a b/c?" || query.Get("X-Goog-Expires") != "3600" && query.Get("X-Goog-Expires") != "3599" ||
		query.Get("userProject") != "payer" || !strings.HasPrefix(query.Get("X-Goog-Credential"), "robot@project/") || query.Get("X-Goog-Signature") == "" {
		t.Errorf("located at %v", at)
	}
	for _, wrong := range []time.Duration{0, -time.Second, 8 * 24 * time.Hour} {
		_, err = b.Locate(t.Context(), "k", wrong)
		check(t, err, fs.ErrInvalid, "up to seven days")
	}
	f := newFake(t)
	if _, err := backend.Locate(t.Context(), f.open(nil), "k", time.Hour); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("locating without credentials gives %v, want errors.ErrUnsupported", err)
	}
}
