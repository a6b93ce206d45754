package s3

import (
	"crypto/tls"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/cairnstate/cairn/storage/internal/lanes"
	"github.com/cairnstate/cairn/storage/internal/param"
	"github.com/cairnstate/cairn/storage/internal/readonly"
)

// ownTransport makes the config use a transport that we can close, unless the
// caller brought one. It keeps what the SDK made of AWS_CA_BUNDLE.
func ownTransport(cfg *aws.Config, caFile string, connections int) (*lanes.Transport, error) {
	var own *http.Transport
	switch given := cfg.HTTPClient.(type) {
	case nil:
		own = awshttp.NewBuildableClient().GetTransport()
	case *awshttp.BuildableClient:
		own = given.GetTransport()
	default:
		if caFile != "" {
			return nil, errors.New(`parameter "ca-file" has no effect, since the program brought its own HTTP client`)
		}
		return nil, nil
	}
	if err := trustFile(own, caFile); err != nil {
		return nil, err
	}
	own.DialContext = direct(own.DialContext)
	own.DialTLSContext = secured(own.DialContext, func() *tls.Config { return own.TLSClientConfig }, own.TLSHandshakeTimeout)
	// State is read and written in large pieces; the default is 4 KiB. A small object
	// goes with its head.
	own.ReadBufferSize, own.WriteBufferSize = smallBuffer+8<<10, smallBuffer+8<<10
	own.MaxConnsPerHost, own.MaxIdleConnsPerHost, own.MaxIdleConns = connections, connections, 0
	// With HTTP/2 one connection would carry everything, one frame after the other.
	own.ForceAttemptHTTP2, own.Protocols = false, new(http.Protocols)
	own.Protocols.SetHTTP1(true)
	made := lanes.Over(own)
	cfg.HTTPClient = &http.Client{Transport: made, CheckRedirect: noRedirect}
	return made, nil
}

// trustFile adds the certificates of the file to those of the system, which sign a
// server's.
func trustFile(own *http.Transport, name string) error {
	roots, err := param.ReadRoots("ca-file", name)
	if roots == nil || err != nil {
		return err
	}
	if own.TLSClientConfig == nil {
		own.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	own.TLSClientConfig.RootCAs = roots
	return nil
}

// noRedirect keeps requests at the endpoint that the user named.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// guard lets only requests that read out of the client.
func guard(o *s3.Options) {
	o.HTTPClient = &http.Client{Transport: readonly.Transport(asTransport(o.HTTPClient)), CheckRedirect: noRedirect}
}

// asTransport returns the transport of an HTTP client, or the client as one.
func asTransport(given s3.HTTPClient) http.RoundTripper {
	if own, ok := given.(*http.Client); ok && own.Transport != nil {
		return own.Transport
	}
	return doer{given}
}

type doer struct{ s3.HTTPClient }

func (d doer) RoundTrip(r *http.Request) (*http.Response, error) { return d.Do(r) }
