package gcs_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
)

const kmsKey = "projects/p/locations/l/keyRings/r/cryptoKeys/k"

// What the parameters say goes with each request that it is about, and with no other.
func TestRequestsSay(t *testing.T) {
	const paid, encrypted = "userProject=payer", "kmsKeyName=" + kmsKey
	encrypts := map[string][]string{
		"POST multipart": {encrypted}, "POST resumable": {encrypted}, "REWRITE small to/copy": {"destinationKmsKeyName=" + kmsKey},
	}
	for name, test := range map[string]struct {
		query string
		opts  gcs.Options
		want  map[string][]string // by request
		class string
	}{
		"nothing":       {},
		"storage-class": {query: "storage-class=NEARLINE", class: "NEARLINE"},
		"kms-key":       {query: "kms-key=" + kmsKey, want: encrypts},
		"options":       {opts: gcs.Options{KMSKey: kmsKey, StorageClass: "NEARLINE"}, class: "NEARLINE", want: encrypts},
		"parameters first": {
			query: "kms-key=" + kmsKey + "&storage-class=NEARLINE", opts: gcs.Options{KMSKey: kmsKey + "2", StorageClass: "COLDLINE"},
			class: "NEARLINE", want: encrypts,
		},
		// The address of a chunk is the store's, and what is within a batch says who pays.
		"user-project": {query: "user-project=payer", want: map[string][]string{
			"POST multipart": {paid}, "POST resumable": {paid}, "REWRITE small to/copy": {paid},
			"GET small": {paid}, "READ large": {paid}, "LIST ": {paid},
			"DELETE gone": {paid}, "DELETE a": {paid}, "DELETE b": {paid},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			said := f.said(t)
			test.opts.ChunkSize = chunk
			b, err := gcs.Open(t.Context(), with(test.query+"&endpoint="+f.url), &test.opts)
			check(t, err, nil, "")
			defer b.Close()
			useAll(t, b)
			for _, request := range everyRequest() {
				if got, asked := said[request]; !asked || !slices.Equal(got, test.want[request]) {
					t.Errorf("%q, asked for: %v, says %q, want %q", request, asked, got, test.want[request])
				}
			}
			if len(said) != len(everyRequest()) {
				t.Errorf("requests %v", said)
			}
			for _, key := range []string{"small", "large", "copy"} {
				if got := f.objects[key].described.StorageClass; got != test.class {
					t.Errorf("%q is of class %q, want %q", key, got, test.class)
				}
			}
		})
	}
}

// everyRequest names each kind of request that useAll makes.
func everyRequest() []string {
	return []string{
		"POST multipart", "POST resumable", "CHUNK bytes 0-262143/*", "CHUNK bytes 262144-262144/262145", "REWRITE small to/copy",
		"GET small", "READ large", "LIST ", "DELETE gone", "BATCH", "DELETE a", "DELETE b",
	}
}

// useAll makes each kind of request once.
func useAll(t *testing.T, b *gcs.Backend) {
	t.Helper()
	ctx := t.Context()
	check(t, write(ctx, b, "small", []byte("x"), nil), nil, "")
	check(t, write(ctx, b, "large", make([]byte, chunk+1), nil), nil, "")
	check(t, b.Copy(ctx, "small", "copy", nil), nil, "")
	_, err := b.Stat(ctx, "small")
	check(t, err, nil, "")
	check(t, read(ctx, b, "large", nil), nil, "")
	for _, err := range b.List(ctx, "") {
		check(t, err, nil, "")
	}
	check(t, b.Delete(ctx, "gone"), nil, "")
	check(t, backend.DeleteAll(ctx, b, []string{"a", "b"}), nil, "")
}

// said notes of each request who pays and what encrypts.
func (f *fake) said(t *testing.T) map[string][]string {
	t.Helper()
	said := make(map[string][]string)
	f.fault = func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		said[line(r)] = about(r.URL.Query())
		return false
	}
	return said
}

func about(query url.Values) []string {
	var said []string
	for _, name := range []string{"userProject", "kmsKeyName", "destinationKmsKeyName"} {
		if query.Has(name) {
			said = append(said, name+"="+query.Get(name))
		}
	}
	return said
}
