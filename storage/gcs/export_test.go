package gcs

import (
	"context"
	"net/http"
	"time"

	"cloud.google.com/go/storage"
	"github.com/googleapis/gax-go/v2"
	"google.golang.org/api/option"
)

// API returns the SDK's client of the backend, which it makes.
func API(ctx context.Context, b *Backend) (*storage.Client, error) { return b.client.get(ctx) }

// ImpersonateBy lets the backend ask this client, and nobody else, to impersonate.
func ImpersonateBy(b *Backend, web *http.Client) {
	b.client.iam = []option.ClientOption{option.WithHTTPClient(web)}
}

// Hurry makes the backend repeat requests without waiting.
func Hurry(b *Backend) {
	b.backoff = gax.Backoff{Initial: time.Nanosecond, Max: time.Nanosecond, Multiplier: 1}
}
