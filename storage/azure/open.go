package azure

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"gocloud.dev/blob/azureblob"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/cdk"
	door "github.com/cairnstate/cairn/storage/internal/readonly"
	"github.com/cairnstate/cairn/storage/readonly"
)

// Schemes returns the names that Flink users have for Azure Blob Storage.
func Schemes() []string { return []string{"abfss", "abfs", "wasbs", "wasb"} }

// Opener returns an opener of containers for a [backend.Registry]. opts may be nil.
func Opener(opts *Options) backend.Opener {
	return func(ctx context.Context, root backend.Root) (backend.Backend, error) {
		return Open(ctx, root, opts)
	}
}

// Open returns the backend of the container that the root's authority names. It
// contacts nobody; the context is not kept. opts may be nil.
func Open(ctx context.Context, root backend.Root, opts *Options) (backend.Backend, error) {
	fail := func(err error) error {
		return &backend.Error{Backend: root.Scheme, Op: "configure", Err: err}
	}
	s, err := readSettings(root, opts)
	if err != nil {
		return nil, fail(err)
	}
	transport := s.transport()
	client, err := s.client(transport, opts)
	if err != nil {
		return nil, fail(err)
	}
	bucket, err := azureblob.OpenBucket(ctx, client, nil)
	if err != nil {
		return nil, fail(err)
	}
	var b backend.Backend = cdk.New(bucket, backend.Root{Scheme: root.Scheme, Authority: root.Authority})
	if s.readOnly {
		b = readonly.Wrap(b)
	}
	return &store{backend.Through{Backend: b}, transport}, nil
}

// store closes the connections that it was opened with.
type store struct {
	backend.Through
	transport *http.Transport
}

func (s *store) Close() error {
	defer s.transport.CloseIdleConnections()
	return s.Through.Close()
}

func (s *settings) transport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 100
	if s.roots != nil {
		transport.TLSClientConfig = &tls.Config{RootCAs: s.roots, MinVersion: tls.VersionTLS12}
	}
	return transport
}

// options repeat a request as often, and after as long, as our other backends do.
func (s *settings) options(transport *http.Transport) *container.ClientOptions {
	web := &http.Client{Transport: transport}
	if s.readOnly {
		web.Transport = door.Transport(transport)
	}
	return &container.ClientOptions{ClientOptions: azcore.ClientOptions{
		Transport: web,
		Retry:     policy.RetryOptions{MaxRetries: 4, RetryDelay: 250 * time.Millisecond, MaxRetryDelay: 4 * time.Second},
	}}
}

var errNoCredentials = errors.New("no usable credentials: set AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, or what azidentity looks for, or the parameter anonymous=true")

// client returns the SDK's client of the container with the first credentials that
// there are.
func (s *settings) client(transport *http.Transport, opts *Options) (*container.Client, error) {
	options := s.options(transport)
	signature, key := os.Getenv("AZURE_STORAGE_SAS_TOKEN"), os.Getenv("AZURE_STORAGE_KEY")
	switch {
	case s.anonymous:
		return container.NewClientWithNoCredential(s.url, options)
	case opts != nil && opts.Credential != nil:
		return container.NewClient(s.url, opts.Credential, options)
	case signature != "":
		return container.NewClientWithNoCredential(s.url+"?"+strings.TrimPrefix(signature, "?"), options)
	case key != "":
		credential, err := container.NewSharedKeyCredential(s.account, key)
		if err != nil {
			return nil, errors.New("AZURE_STORAGE_KEY is no key of an account, which is in base64")
		}
		return container.NewClientWithSharedKeyCredential(s.url, credential, options)
	}
	credential, err := azidentity.NewDefaultAzureCredential(nil)
	if err != nil {
		return nil, errNoCredentials
	}
	return container.NewClient(s.url, found{credential}, options)
}

// found is what azidentity looks for. Where it finds nothing it says so at the first
// request, in many lines, and not what else could be set.
type found struct{ azcore.TokenCredential }

func (f found) GetToken(ctx context.Context, opts policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, err := f.TokenCredential.GetToken(ctx, opts)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w; azidentity says: %w", errNoCredentials, err)
	}
	return token, err
}
