package s3_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// checked is a store that notes how an upload was proved, and answers as told.
type checked struct {
	answer func(w http.ResponseWriter, r *http.Request)
	seen   []string
}

func (c *checked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	how := ""
	if r.Header.Get("X-Amz-Checksum-Crc32c") == "yZRlqg==" {
		how += "crc "
	}
	switch r.Header.Get("X-Amz-Content-Sha256") {
	case "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9":
		how += "signed "
	case "UNSIGNED-PAYLOAD":
	default:
		how += "? "
	}
	if r.Header.Get("X-Amz-Trailer") != "" || r.Header.Get("Content-Encoding") != "" {
		how += "trailer "
	}
	c.seen = append(c.seen, how)
	if c.answer != nil {
		c.answer(w, r)
	}
}

func echoes(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amz-Checksum-Crc32c", r.Header.Get("X-Amz-Checksum-Crc32c"))
}

func knowsNone(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Amz-Checksum-Crc32c") != "" {
		refuse(w, 400, "InvalidArgument")
	}
}

// Uploads are guarded on their way by a CRC-32C that the store compares, or by
// the signature; and by both until it is known which. Here each store is written
// to twice.
func TestChecksum(t *testing.T) {
	for name, test := range map[string]struct {
		tls      bool
		checksum string
		answer   func(w http.ResponseWriter, r *http.Request)
		want     []string
	}{
		"http, silent":           {want: []string{"crc signed ", "signed "}},
		"http, compares":         {answer: echoes, want: []string{"crc signed ", "crc "}},
		"http crc32c":            {checksum: "crc32c", want: []string{"crc ", "crc "}},
		"http signature":         {checksum: "signature", want: []string{"signed ", "signed "}},
		"https, silent":          {tls: true, want: []string{"crc signed ", "signed "}},
		"https, compares":        {tls: true, answer: echoes, want: []string{"crc signed ", "crc "}},
		"https, knows none":      {tls: true, answer: knowsNone, want: []string{"crc signed ", "signed ", "signed "}},
		"https crc32c":           {tls: true, checksum: "crc32c", want: []string{"crc ", "crc "}},
		"http none":              {checksum: "none", answer: echoes, want: []string{"", ""}},
		"https none":             {tls: true, checksum: "none", answer: echoes, want: []string{"", ""}},
		"https signature":        {tls: true, checksum: "signature", want: []string{"signed ", "signed "}},
		"http crc32c, not known": {checksum: "crc32c", answer: knowsNone, want: []string{"crc ", "crc "}},
	} {
		t.Run(name, func(t *testing.T) {
			store := &checked{answer: test.answer}
			server := httptest.NewUnstartedServer(store)
			if test.tls {
				server.StartTLS()
			} else {
				server.Start()
			}
			defer server.Close()
			b := openChecked(t, server, test.checksum)
			for range 2 {
				err := write(t.Context(), b, "k", []byte("hello world"), nil)
				if name != "http crc32c, not known" {
					check(t, err, nil, "")
				}
			}
			store.seen = slices.DeleteFunc(store.seen, func(how string) bool { return how == "? " }) // to settle
			if !slices.Equal(store.seen, test.want) {
				t.Errorf("uploads %q, want %q", store.seen, test.want)
			}
		})
	}
}

func openChecked(t *testing.T, server *httptest.Server, checksum string) *s3.Backend {
	params := url.Values{"endpoint": {server.URL}}
	if checksum != "" {
		params.Set("checksum", checksum)
	}
	cfg := config()
	cfg.HTTPClient = server.Client()
	b, err := s3.Open(t.Context(), backend.Root{Scheme: "s3", Authority: "b", Params: params}, &s3.Options{Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
