package gcs

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"

	"cloud.google.com/go/storage"
	"google.golang.org/api/impersonate"
	"google.golang.org/api/option"
	htransport "google.golang.org/api/transport/http"

	"github.com/cairnstate/cairn/storage/internal/cause"
	"github.com/cairnstate/cairn/storage/internal/param"
	"github.com/cairnstate/cairn/storage/internal/readonly"
)

// client makes the SDK's client when it is first asked for: to make one is to
// look for credentials.
type client struct {
	settings settings
	options  Options
	iam      []option.ClientOption // of the service that is asked to impersonate, in tests

	mu        sync.Mutex
	api       *storage.Client // guarded by mu; nil until it is made
	web       *http.Client    // guarded by mu; what api sends with, unless the program brought that
	transport *http.Transport // guarded by mu; what web sends with
	closed    bool            // guarded by mu
}

// get returns the client. A failure is not remembered: the credentials may be
// there the next time.
func (c *client) get(ctx context.Context) (*storage.Client, error) {
	if c.options.Client != nil {
		return c.options.Client, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.api != nil {
		return c.api, nil
	}
	if err := checkEmulator(os.Getenv(emulatorVariable)); err != nil {
		return nil, err
	}
	// Tokens are renewed under this context as long as the client lives.
	if err := c.make(context.WithoutCancel(ctx)); err != nil {
		return nil, cause.New("no usable credentials: set GOOGLE_APPLICATION_CREDENTIALS, or run "+
			`"gcloud auth application-default login", or set the parameter anonymous=true: `+err.Error(), nil, err)
	}
	return c.api, nil
}

// make makes the client. The lock is held.
func (c *client) make(ctx context.Context) error {
	options, err := c.clientOptions(ctx)
	if err != nil {
		return err
	}
	web, err := c.makeWeb(ctx, options)
	if err != nil {
		return err
	}
	c.api, err = storage.NewClient(ctx, append(options, option.WithHTTPClient(web))...)
	c.web = web
	return err
}

// makeWeb makes what sends the requests. It is ours and not the SDK's for the sake
// of certificates, of batches, which the SDK does not know, and of the last door
// before the network. Where the program says how to send, the door is before that.
func (c *client) makeWeb(ctx context.Context, options []option.ClientOption) (*http.Client, error) {
	if len(c.options.ClientOptions) > 0 {
		given, _, err := htransport.NewClient(ctx, options...)
		if err != nil {
			return nil, err
		}
		web := *given
		if web.Transport == nil {
			web.Transport = http.DefaultTransport
		}
		web.Transport = c.door(web.Transport)
		return &web, nil
	}
	c.transport = http.DefaultTransport.(*http.Transport).Clone()
	c.transport.MaxIdleConnsPerHost = 100 // as the SDK's own
	if c.settings.roots != nil {
		c.transport.TLSClientConfig = &tls.Config{RootCAs: c.settings.roots, MinVersion: tls.VersionTLS12}
	}
	transport, err := htransport.NewTransport(ctx, c.door(c.transport), options...)
	return &http.Client{Transport: transport}, err
}

// door returns the transport, behind a door if nothing may be written.
func (c *client) door(transport http.RoundTripper) http.RoundTripper {
	if c.options.ReadOnly {
		return readonly.Transport(transport)
	}
	return transport
}

func (c *client) clientOptions(ctx context.Context) ([]option.ClientOption, error) {
	scope := storage.ScopeFullControl
	if c.options.ReadOnly {
		scope = storage.ScopeReadOnly
	}
	options := []option.ClientOption{
		storage.WithJSONReads(),
		storage.WithDisabledClientMetrics(),
		option.WithTelemetryDisabled(),
	}
	if c.settings.endpoint != "" {
		options = append(options, option.WithEndpoint(c.settings.endpoint+"/storage/v1/"))
	}
	switch {
	case c.settings.anonymous, os.Getenv(emulatorVariable) != "":
		options = append(options, option.WithoutAuthentication())
	case c.settings.impersonate != "":
		tokens, err := impersonate.CredentialsTokenSource(ctx, impersonate.CredentialsConfig{
			TargetPrincipal: c.settings.impersonate, Scopes: []string{scope},
		}, c.iam...)
		if err != nil {
			return nil, err
		}
		options = append(options, option.WithTokenSource(tokens))
	default:
		options = append(options, option.WithScopes(scope))
	}
	return append(options, c.options.ClientOptions...), nil
}

func (c *client) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.api == nil || c.closed {
		return nil
	}
	c.closed = true
	if c.transport != nil {
		defer c.transport.CloseIdleConnections()
	}
	return c.api.Close()
}

const emulatorVariable = "STORAGE_EMULATOR_HOST"

// address returns that of the server, without a slash at its end.
func (c *client) address() string {
	emulator := os.Getenv(emulatorVariable)
	if emulator != "" && !strings.Contains(emulator, "://") {
		emulator = "http://" + emulator
	}
	return cmp.Or(c.settings.endpoint, strings.TrimRight(emulator, "/"), "https://storage.googleapis.com")
}

// emulated reports whether the store may be an imitation of Google's.
func (c *client) emulated() bool {
	return c.settings.endpoint != "" || os.Getenv(emulatorVariable) != ""
}

// checkEmulator refuses what the environment got wrong. A host alone means http.
func checkEmulator(host string) error {
	if host == "" {
		return nil
	}
	if !strings.Contains(host, "://") {
		host = "http://" + host
	}
	if err := param.CheckEndpoint(host); err != nil {
		return fmt.Errorf("STORAGE_EMULATOR_HOST: %w", err)
	}
	return nil
}
