package s3_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

func TestOpenRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		root backend.Root
		opts *s3.Options
		want string
	}{
		"no bucket":   {root: backend.Root{Scheme: "s3"}, want: "s3: configure: no bucket: write s3://BUCKET/path"},
		"unknown":     {root: with("acess", "x"), want: `s3: configure in bucket "b": unknown parameter "acess" (known: accelerate, anonymous, bucket-key, `},
		"endpoint":    {root: with("endpoint", "minio:9000"), want: `parameter "endpoint": an endpoint is http`},
		"path style":  {root: with("path-style", "maybe"), want: `parameter "path-style" is true or false`},
		"anonymous":   {root: with("anonymous", "maybe"), want: `parameter "anonymous" is true or false`},
		"checksum":    {root: with("checksum", "md5"), want: `parameter "checksum" is one of crc32c, signature`},
		"with client": {root: with("region", "r"), opts: &s3.Options{Client: &awss3.Client{}}, want: "the program brought its own client"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s3.Open(t.Context(), test.root, test.opts)
			check(t, err, anyError, test.want)
		})
	}
}

func with(name, value string) backend.Root {
	return backend.Root{Scheme: "s3", Authority: "b", Params: url.Values{name: {value}}}
}

// seen records where a request went and who signed it.
type seen struct{ host, path, authorization string }

func recorder(t *testing.T) (*httptest.Server, *seen) {
	var last seen
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		last = seen{r.Host, r.URL.Path, r.Header.Get("Authorization")}
	}))
	t.Cleanup(server.Close)
	return server, &last
}

// environ is an environment with nothing of the machine's in it.
func environ(t *testing.T) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // so that it comes back
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	files := t.TempDir()
	config := "[default]\nregion = eu-central-1\n[profile other]\nregion = sa-east-1\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n"
	if err := os.WriteFile(filepath.Join(files, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(files, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(files, "none"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

// The environment decides, the parameters before it, and what nobody says has a
// default.
func TestWhereRequestsGo(t *testing.T) {
	server, last := recorder(t)
	for name, test := range map[string]struct {
		env    map[string]string
		params url.Values
		scope  string // key/date/region, without the date
	}{
		"environment": {
			env:   map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-west-2"},
			scope: "AKIAENV us-west-2",
		},
		"environment of the service": {
			env:   map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_S3": server.URL, "AWS_PROFILE": "other"},
			scope: "AKIAOTHER sa-east-1",
		},
		"parameters": {
			env:    map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "us-west-2", "AWS_PROFILE": "default"},
			params: url.Values{"endpoint": {server.URL}, "region": {"ap-south-1"}, "profile": {"other"}},
			scope:  "AKIAOTHER ap-south-1",
		},
		"default region": {
			env:    map[string]string{"AWS_CONFIG_FILE": "/dev/null", "AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "x"},
			params: url.Values{"endpoint": {server.URL}},
			scope:  "AKIAENV us-east-1",
		},
		"anonymous": {
			params: url.Values{"endpoint": {server.URL}, "anonymous": {"true"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			environ(t)
			for variable, value := range test.env {
				t.Setenv(variable, value)
			}
			b, err := s3.Open(t.Context(), backend.Root{Scheme: "s3", Authority: "b", Params: test.params}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			if err := b.Delete(t.Context(), "k"); err != nil {
				t.Fatal(err)
			}
			if last.path != "/b/k" {
				t.Errorf("asked for %q", last.path)
			}
			if got := scope(last.authorization); got != test.scope {
				t.Errorf("signed as %q, want %q", got, test.scope)
			}
		})
	}
}

// The bucket is a part of the host's name with Amazon, and of the path elsewhere,
// unless the user says otherwise.
func TestPathStyle(t *testing.T) {
	server, last := recorder(t)
	dialer := &net.Dialer{}
	cfg := config()
	cfg.HTTPClient = &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, strings.TrimPrefix(server.URL, "http://"))
		},
	}}
	for params, want := range map[string]seen{
		"endpoint=http://s3.example":                  {host: "s3.example", path: "/bucket/k"},
		"endpoint=http://s3.example&path-style=false": {host: "bucket.s3.example", path: "/k"},
	} {
		query, err := url.ParseQuery(params)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s3.Open(t.Context(), backend.Root{Scheme: "s3", Authority: "bucket", Params: query}, &s3.Options{Config: cfg})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Delete(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
		if last.host != want.host || last.path != want.path {
			t.Errorf("%s asked %s for %s", params, last.host, last.path)
		}
	}
}

// scope returns key and region of "AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/s3/…".
func scope(authorization string) string {
	_, credential, found := strings.Cut(authorization, "Credential=")
	if !found {
		return ""
	}
	parts := strings.Split(credential, "/")
	return parts[0] + " " + parts[2]
}

// What only the environment gets wrong is found at the first request, not before.
func TestEnvironmentErrors(t *testing.T) {
	for name, test := range map[string]struct {
		env  map[string]string
		want string
	}{
		"no region": {map[string]string{"AWS_CONFIG_FILE": "/dev/null"}, "no AWS region is configured: set AWS_REGION"},
		"secret in the endpoint": {
			map[string]string{"AWS_ENDPOINT_URL": "https://key:hunter2@host", "AWS_REGION": "r"},
			"the endpoint of the environment (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL) or of the profile: an endpoint holds no user",
		},
		"no such profile": {map[string]string{"AWS_PROFILE": "nobody"}, "nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			environ(t)
			for variable, value := range test.env {
				t.Setenv(variable, value)
			}
			b, err := s3.Open(t.Context(), backend.Root{Scheme: "s3", Authority: "b"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			_, err = b.Stat(t.Context(), "k")
			check(t, err, anyError, test.want)
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a secret in %v", err)
			}
		})
	}
}

// A client that the program made is used as it is.
func TestOwnClient(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("x")}
	api := awss3.NewFromConfig(*config(), func(o *awss3.Options) {
		o.BaseEndpoint, o.Region, o.UsePathStyle = &f.url, "r", true
	})
	open := s3.Opener(&s3.Options{Client: api})
	b, err := open(t.Context(), backend.Root{Scheme: "s3a", Authority: "b"})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if info, err := b.Stat(t.Context(), "k"); err != nil || info.Size != 1 {
		t.Errorf("Stat = %+v, %v", info, err)
	}
}
