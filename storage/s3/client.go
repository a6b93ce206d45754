package s3

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"

	"github.com/cairnstate/cairn/storage/internal/param"
)

// client makes the SDK's client when it is first asked for, so that a program
// that never touches the bucket does not pay for reading ~/.aws.
type client struct {
	settings settings
	given    *s3.Client  // the caller's own, or nil
	config   *aws.Config // the caller's own, or nil

	mu        sync.Mutex
	api       *s3.Client      // guarded by mu; nil until it is made
	transport *http.Transport // guarded by mu; nil if it is not ours
}

// get returns the client. A failure is not remembered: the profile may be there
// the next time.
func (c *client) get(ctx context.Context) (*s3.Client, error) {
	if c.given != nil {
		return c.given, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.api != nil {
		return c.api, nil
	}
	cfg, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	transport := ownTransport(&cfg)
	api := s3.NewFromConfig(cfg, c.settings.apply)
	if err := checkClient(api.Options()); err != nil {
		return nil, err
	}
	c.api, c.transport = api, transport
	return api, nil
}

func (c *client) load(ctx context.Context) (aws.Config, error) {
	if c.config != nil {
		return c.config.Copy(), nil
	}
	var options []func(*config.LoadOptions) error
	if c.settings.profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.settings.profile))
	}
	return config.LoadDefaultConfig(ctx, options...)
}

func (c *client) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.transport != nil {
		c.transport.CloseIdleConnections()
	}
}

// ownTransport makes the config use a transport that we can close, unless the
// caller brought one. It keeps what the SDK made of AWS_CA_BUNDLE.
func ownTransport(cfg *aws.Config) *http.Transport {
	var transport *http.Transport
	switch given := cfg.HTTPClient.(type) {
	case nil:
		transport = awshttp.NewBuildableClient().GetTransport()
	case *awshttp.BuildableClient:
		transport = given.GetTransport()
	default:
		return nil
	}
	// State is read and written in large pieces; the default is 4 KiB.
	transport.ReadBufferSize, transport.WriteBufferSize = 64<<10, 64<<10
	cfg.HTTPClient = &http.Client{Transport: transport, CheckRedirect: noRedirect}
	return transport
}

// noRedirect keeps requests at the endpoint that the user named.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// apply makes the settings those of the SDK's client.
func (s settings) apply(o *s3.Options) {
	if s.endpoint != "" {
		o.BaseEndpoint = &s.endpoint
	}
	if s.region != "" {
		o.Region = s.region
	}
	own := o.BaseEndpoint != nil
	if own && o.Region == "" {
		o.Region = "us-east-1"
	}
	if own {
		o.UsePathStyle = true // few of the compatible stores have a name per bucket
	}
	if s.pathStyle != nil {
		o.UsePathStyle = *s.pathStyle
	}
	if s.anonymous != nil && *s.anonymous {
		o.Credentials = aws.AnonymousCredentials{}
	}
	if !aws.IsCredentialsProvider(o.Credentials, aws.AnonymousCredentials{}) {
		o.Credentials = credentials{o.Credentials}
	}
	s.applyChecksum(o, own)
	o.DisableLogOutputChecksumValidationSkipped = true // it writes to stderr
}

func (s settings) applyChecksum(o *s3.Options, own bool) {
	switch s.checksum {
	case checksumCRC32C:
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported
	case checksumSignature:
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	default:
		if own {
			o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		}
	}
}

// signPayload makes the SHA-256 of what is sent a part of the signature, over
// TLS too, where the SDK would leave it out.
func signPayload(o *s3.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		sum := &v4.ComputePayloadSHA256{}
		_, err := stack.Finalize.Swap(sum.ID(), sum)
		return err
	})
}

var errNoRegion = errors.New("no AWS region is configured: set AWS_REGION, a region in the profile, or the parameter region")

// checkClient refuses what the environment or ~/.aws got wrong.
func checkClient(o s3.Options) error {
	if o.BaseEndpoint != nil {
		if err := param.CheckEndpoint(*o.BaseEndpoint); err != nil {
			return fmt.Errorf("the endpoint of the environment (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL) or of the profile: %w", err)
		}
	}
	if o.Region == "" {
		return errNoRegion
	}
	return nil
}
