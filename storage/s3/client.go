package s3

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/cairnstate/cairn/storage/internal/lanes"
	"github.com/cairnstate/cairn/storage/internal/param"
)

// client makes the SDK's client when it is first asked for, so that a program
// that never touches the bucket does not pay for reading ~/.aws.
type client struct {
	settings settings
	options  Options
	bucket   string

	mu        sync.Mutex
	calls     *calls           // guarded by mu; nil until it is made
	transport *lanes.Transport // guarded by mu; nil if it is not ours
}

// get returns the calls of the client. A failure is not remembered: the profile
// may be there the next time.
func (c *client) get(ctx context.Context) (*calls, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls != nil {
		return c.calls, nil
	}
	made, transport, err := c.make(ctx)
	if err != nil {
		return nil, err
	}
	c.calls, c.transport = made, transport
	return made, nil
}

func (c *client) make(ctx context.Context) (*calls, *lanes.Transport, error) {
	if given := c.options.Client; given != nil {
		if c.options.ReadOnly {
			given = s3.New(given.Options(), guard)
		}
		return newCalls(given, c.bucket, c.options, settings{}.trust(given.Options())), nil, nil
	}
	cfg, err := c.load(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := c.settings.role.takeOn(&cfg, c.settings.region); err != nil {
		return nil, nil, err
	}
	transport, err := ownTransport(&cfg, c.settings.caFile, c.options.Connections)
	if err != nil {
		return nil, nil, err
	}
	api := s3.NewFromConfig(cfg, c.settings.apply, c.options.apply)
	if err := checkClient(api.Options()); err != nil {
		return nil, nil, err
	}
	made := newCalls(api, c.bucket, c.options, c.settings.trust(api.Options()))
	made.ours = len(api.Options().APIOptions) - len(cfg.APIOptions)
	return made, transport, nil
}

func (c *client) load(ctx context.Context) (aws.Config, error) {
	if c.options.Config != nil {
		return c.options.Config.Copy(), nil
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
	if on(s.anonymous) {
		o.Credentials = aws.AnonymousCredentials{}
	}
	if !aws.IsCredentialsProvider(o.Credentials, aws.AnonymousCredentials{}) {
		o.Credentials = credentials{o.Credentials}
	}
	s.applyEndpoints(o)
	if s.checksum == checksumSignature || s.checksum == checksumOff {
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	}
	if s.checksum == checksumOff {
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	}
	o.Retryer = persist(o.Retryer)
	o.ContinueHeaderThresholdBytes = -1                // asking first costs a round trip for each part
	o.DisableLogOutputChecksumValidationSkipped = true // it writes to stderr
}

// applyEndpoints chooses among the endpoints of Amazon.
func (s settings) applyEndpoints(o *s3.Options) {
	if s.accelerate != nil {
		o.UseAccelerate = *s.accelerate
	}
	if s.dualStack != nil {
		o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateDisabled
		if *s.dualStack {
			o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
		}
	}
	if s.fips != nil {
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateDisabled
		if *s.fips {
			o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
		}
	}
}

// apply makes the options those of the SDK's client.
func (o Options) apply(api *s3.Options) {
	if o.RequesterPays {
		api.APIOptions = append(api.APIOptions, smithyhttp.AddHeaderValue("X-Amz-Request-Payer", "requester"))
	}
	if o.ReadOnly {
		guard(api)
	}
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
