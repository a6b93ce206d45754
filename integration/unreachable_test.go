package integration_test

import (
	"context"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"google.golang.org/api/option"

	"github.com/cairnstate/cairn/storage/azure"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/gcs"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/s3"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// secret is in each configuration, where the client sends it.
const secret = "aHVzaC1odXNoLWh1c2g="

// TestUnreachableStoresTellNoSecret opens each store over a port that nobody listens
// at, and one that refuses the password.
func TestUnreachableStoresTellNoSecret(t *testing.T) {
	nobody := "127.0.0.1:" + closedPort(t)
	t.Setenv("AZURE_STORAGE_KEY", "")
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "sv=2024-11-04&sp=rwdl&sig="+url.QueryEscape(secret))
	opts := &storagetest.Options{Secrets: []string{secret, url.QueryEscape(secret)}, Broken: []func(context.Context) (backend.Backend, error){
		s3At("http://" + nobody),
		s3At(startS3(t).Endpoint),
		gcsAt("https://" + nobody),
		azureAt("http://" + nobody),
	}}
	for _, check := range storagetest.Checks() {
		if check.Name == "errors tell no secret" {
			if err := check.Verify(t.Context(), new(mem.Backend), opts); err != nil {
				t.Error(err)
			}
			return
		}
	}
	t.Error("the kit does not ask for secrets any more")
}

// closedPort returns a port that was free a moment ago.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func s3At(endpoint string) func(context.Context) (backend.Backend, error) {
	return func(ctx context.Context) (backend.Backend, error) {
		root := backend.Root{Scheme: "s3", Authority: "states", Params: url.Values{"endpoint": {endpoint}}}
		return s3.Open(ctx, root, &s3.Options{Config: &aws.Config{
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "nobody", SecretAccessKey: secret, SessionToken: secret}, nil
			}),
		}})
	}
}

func gcsAt(endpoint string) func(context.Context) (backend.Backend, error) {
	return func(ctx context.Context) (backend.Backend, error) {
		root := backend.Root{Scheme: "gs", Authority: "states", Params: url.Values{"endpoint": {endpoint}, "anonymous": {"false"}}}
		return gcs.Open(ctx, root, &gcs.Options{
			ClientOptions: []option.ClientOption{option.WithAPIKey(secret)}, // which goes into URLs
			FirstPause:    time.Millisecond, LongestPause: time.Millisecond,
		})
	}
}

func azureAt(endpoint string) func(context.Context) (backend.Backend, error) {
	return func(ctx context.Context) (backend.Backend, error) {
		root := backend.Root{Scheme: "abfss", Authority: "states@cairn.dfs.core.windows.net", Params: url.Values{"endpoint": {endpoint}}}
		return azure.Open(ctx, root, nil)
	}
}
