package s3_test

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

const sse = "X-Amz-Server-Side-Encryption"

// What the parameters and the options say of objects is said to the store in each
// request that makes one, and in no other; who pays, in all.
func TestHeaders(t *testing.T) {
	for query, test := range map[string]struct {
		opts s3.Options
		want map[string]string
	}{
		"":                                   {want: map[string]string{}},
		"sse=AES256":                         {want: map[string]string{sse: "AES256"}},
		"sse=aws:kms&kms-key=k&bucket-key=1": {want: map[string]string{sse: "aws:kms", sse + "-Aws-Kms-Key-Id": "k", sse + "-Bucket-Key-Enabled": "true"}},
		"sse=aws:kms:dsse":                   {want: map[string]string{sse: "aws:kms:dsse"}},
		"storage-class=STANDARD_IA":          {want: map[string]string{"X-Amz-Storage-Class": "STANDARD_IA"}},
		"kms-key=k":                          {opts: s3.Options{Encryption: s3.Encryption{Algorithm: "aws:kms"}}, want: map[string]string{sse: "aws:kms", sse + "-Aws-Kms-Key-Id": "k"}},
	} {
		t.Run(query, func(t *testing.T) {
			params, err := url.ParseQuery(query)
			check(t, err, nil, "")
			f := newFake(t)
			opts := test.opts
			opts.PartSize = 10
			useAll(t, f, f.openWith(opts, params))
			for i, header := range f.headers {
				makes := slices.Contains([]string{"PUT small", "POST large?uploads", "PUT copy"}, f.log[i])
				for _, name := range []string{sse, sse + "-Aws-Kms-Key-Id", sse + "-Bucket-Key-Enabled", "X-Amz-Storage-Class"} {
					if want := test.want[name]; (makes && header.Get(name) != want) || (!makes && header.Get(name) != "") {
						t.Errorf("%s has %s: %q", f.log[i], name, header.Get(name))
					}
				}
			}
		})
	}
}

// useAll makes each kind of request once at least.
func useAll(t *testing.T, f *fake, b *s3.Backend) {
	ctx := t.Context()
	check(t, write(ctx, b, "small", []byte("x"), nil), nil, "")
	check(t, write(ctx, b, "large", make([]byte, 30), nil), nil, "")
	check(t, b.Copy(ctx, "small", "copy", nil), nil, "")
	_, err := b.Stat(ctx, "small")
	check(t, err, nil, "")
	_, err = readAll(ctx, b, "large", nil)
	check(t, err, nil, "")
	for _, err := range b.List(ctx, "") {
		check(t, err, nil, "")
	}
	check(t, b.Delete(ctx, "copy"), nil, "")
	check(t, b.DeleteAll(ctx, []string{"small", "large"}), nil, "")
	if len(f.log) < 8 {
		t.Errorf("requests %q", f.log)
	}
}

func TestRequesterPays(t *testing.T) {
	f := newFake(t)
	useAll(t, f, f.openWith(s3.Options{}, url.Values{"request-payer": {"requester"}}))
	for i, header := range f.headers {
		if header.Get("X-Amz-Request-Payer") != "requester" {
			t.Errorf("%s does not say who pays", f.log[i])
		}
	}
	if len(f.headers) == 0 {
		t.Error("no request")
	}
}

// A size, a number and a choice that have no meaning are refused, and so is what
// does not go together.
func TestParametersRefused(t *testing.T) {
	for query, want := range map[string]string{
		"sse=rot13":                     `parameter "sse" is one of AES256, aws:kms, aws:kms:dsse`,
		"kms-key=k":                     "goes with the encryption (sse) aws:kms",
		"sse=AES256&kms-key=k":          "goes with the encryption (sse) aws:kms",
		"sse=aws:kms:dsse&bucket-key=1": "a bucket key (bucket-key) goes with",
		"part-size=8MB":                 `parameter "part-size" is a size such as`,
		"part-size=0":                   `parameter "part-size" is a size such as`,
		"concurrency=none":              `parameter "concurrency" is a number from 1 up`,
		"connections=0":                 `parameter "connections" is a number from 1 up`,
		"request-payer=me":              `parameter "request-payer" is one of requester`,
		"external-id=x":                 `go with "role-arn"`,
		"role-arn=x&anonymous=true":     "a role is nothing that an anonymous client",
		"read-only=perhaps":             `parameter "read-only" is true or false`,
		"fips=2":                        `parameter "fips" is true or false`,
	} {
		params, err := url.ParseQuery(query)
		check(t, err, nil, "")
		_, err = s3.Open(t.Context(), backend.Root{Scheme: "s3", Authority: "b", Params: params}, nil)
		check(t, err, anyError, want)
	}
}

// The part size is that of the parameter.
func TestPartSizeParameter(t *testing.T) {
	f := newFake(t)
	check(t, write(t.Context(), f.openWith(s3.Options{}, url.Values{"part-size": {"1KiB"}, "concurrency": {"1"}}), "k", make([]byte, 3000), nil), nil, "")
	if n := len(f.requests()); n != 5 {
		t.Errorf("%d requests for three parts", n)
	}
}

// A server's certificate is trusted if the file has who signed it, and else not.
func TestCAFile(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("%s carries everything in one connection", r.Proto)
		}
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of who does not trust it
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	good, bad := filepath.Join(t.TempDir(), "ca.pem"), filepath.Join(t.TempDir(), "none.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(good, block, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bad, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := newFake(t)
	f.url = server.URL
	err := f.openWith(s3.Options{}, url.Values{"ca-file": {good}}).Delete(t.Context(), "k")
	check(t, err, nil, "")
	for file, want := range map[string]string{bad: "holds no certificate", bad + "x": "no such file", "": "certificate"} {
		params := url.Values{"ca-file": {file}}
		if file == "" {
			params = nil
		}
		err := f.openWith(s3.Options{}, params).Delete(t.Context(), "k")
		check(t, err, anyError, want)
	}
	cfg := config()
	cfg.HTTPClient = server.Client()
	err = f.openWith(s3.Options{Config: cfg}, url.Values{"ca-file": {good}}).Delete(t.Context(), "k")
	check(t, err, anyError, "brought its own HTTP client")
}

// A role is taken on at STS, once, with what the parameters say, and its
// credentials sign the requests.
func TestRole(t *testing.T) {
	environ(t)
	var asked []url.Values
	sts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		asked = append(asked, form)
		fmt.Fprintf(w, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIAROLE</AccessKeyId>"+
			"<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
			time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	}))
	defer sts.Close()
	store, last := recorder(t)
	t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAENV")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	params := url.Values{"endpoint": {store.URL}, "role-arn": {"arn:aws:iam::1:role/r"}, "role-session-name": {"me"}, "external-id": {"e"}, "read-only": {"true"}}
	b, err := s3.Open(t.Context(), backend.Root{Scheme: "s3", Authority: "b", Params: params}, nil)
	check(t, err, nil, "")
	defer b.Close()
	for range 2 {
		_, err := readAll(t.Context(), b, "k", nil)
		check(t, err, nil, "")
	}
	if got := scope(last.authorization); got != "AKIAROLE eu-central-1" {
		t.Errorf("signed as %q", got)
	}
	if len(asked) != 1 || asked[0].Get("RoleArn") != "arn:aws:iam::1:role/r" || asked[0].Get("RoleSessionName") != "me" || asked[0].Get("ExternalId") != "e" {
		t.Errorf("asked STS for %v", asked)
	}
}

// Amazon's other endpoints are those of its rules; no request is made.
func TestEndpointsOfAmazon(t *testing.T) {
	for query, want := range map[string]string{
		"":                            "https://bucket.s3.eu-west-1.amazonaws.com/k",
		"dual-stack=true":             "https://bucket.s3.dualstack.eu-west-1.amazonaws.com/k",
		"fips=true":                   "https://bucket.s3-fips.eu-west-1.amazonaws.com/k",
		"accelerate=true":             "https://bucket.s3-accelerate.amazonaws.com/k",
		"path-style=true":             "https://s3.eu-west-1.amazonaws.com/bucket/k",
		"fips=false&dual-stack=false": "https://bucket.s3.eu-west-1.amazonaws.com/k",
	} {
		params, err := url.ParseQuery("region=eu-west-1&" + query)
		check(t, err, nil, "")
		b, err := s3.Open(t.Context(), backend.Root{Scheme: "s3", Authority: "bucket", Params: params}, &s3.Options{Config: config()})
		check(t, err, nil, "")
		located, err := b.Locate(t.Context(), "k", time.Minute)
		check(t, err, nil, "")
		if got, _, _ := strings.Cut(located.String(), "?"); got != want {
			t.Errorf("%s leads to %s, want %s", query, got, want)
		}
	}
}

// A signed URL needs no credentials, and is not valid for ever.
func TestLocate(t *testing.T) {
	f := newFake(t)
	b := f.open(s3.Options{})
	located, err := b.Locate(t.Context(), "a key", time.Hour)
	check(t, err, nil, "")
	query := located.Query()
	if query.Get("X-Amz-Expires") != "3600" || query.Get("X-Amz-Signature") == "" || query.Get("X-Amz-SignedHeaders") != "host" {
		t.Errorf("located at %s", located.Redacted())
	}
	for _, validFor := range []time.Duration{0, 8 * 24 * time.Hour} {
		_, err := b.Locate(t.Context(), "k", validFor)
		check(t, err, anyError, "seven days at most")
	}
	_, err = f.openWith(s3.Options{}, url.Values{"anonymous": {"true"}}).Locate(t.Context(), "k", time.Hour)
	check(t, err, errors.ErrUnsupported, "nothing to sign")
	if n := len(f.requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
