package gcs

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"cloud.google.com/go/storage"
	"google.golang.org/api/option"

	"github.com/cairnstate/cairn/storage/internal/param"

	"github.com/cairnstate/cairn/storage/internal/cause"
)

// client makes the SDK's client when it is first asked for: to make one is to
// look for credentials.
type client struct {
	settings settings
	options  Options

	mu     sync.Mutex
	api    *storage.Client // guarded by mu; nil until it is made
	closed bool            // guarded by mu
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
	if err := checkEmulator(os.Getenv("STORAGE_EMULATOR_HOST")); err != nil {
		return nil, err
	}
	// Tokens are renewed under this context as long as the client lives.
	api, err := storage.NewClient(context.WithoutCancel(ctx), c.clientOptions()...)
	if err != nil {
		return nil, cause.New("no usable credentials: set GOOGLE_APPLICATION_CREDENTIALS, or run "+
			`"gcloud auth application-default login", or set the parameter anonymous=true: `+err.Error(), nil, err)

	}
	c.api = api
	return api, nil
}

func (c *client) clientOptions() []option.ClientOption {
	options := []option.ClientOption{
		storage.WithJSONReads(),
		storage.WithDisabledClientMetrics(),
		option.WithTelemetryDisabled(),
	}
	if c.settings.endpoint != "" {
		options = append(options, option.WithEndpoint(c.settings.endpoint+"/storage/v1/"))
	}
	if c.settings.anonymous {
		options = append(options, option.WithoutAuthentication())
	}
	return append(options, c.options.ClientOptions...)
}

func (c *client) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.api == nil || c.closed {
		return nil
	}
	c.closed = true
	return c.api.Close()
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
