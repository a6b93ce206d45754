package gcs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"time"

	"cloud.google.com/go/storage"

	"github.com/cairnstate/cairn/storage/internal/cause"
)

// longestSignature is how long a signature of version 4 can be good.
const longestSignature = 7 * 24 * time.Hour

// Locate returns a signed URL. Credentials with a private key sign it here; others,
// such as a machine's, ask Google to sign. Those of a person cannot, nor can an
// anonymous client: the error is [errors.ErrUnsupported].
func (b *Backend) Locate(ctx context.Context, key string, validFor time.Duration) (*url.URL, error) {
	api, err := b.begin(ctx, "locate", key)
	if err != nil {
		return nil, err
	}
	if validFor <= 0 || validFor > longestSignature {
		return nil, b.fail("locate", key, fmt.Errorf("%w: a signature is good for a moment up to seven days, not for %v", fs.ErrInvalid, validFor))
	}
	if b.client.settings.anonymous || b.client.emulated() {
		return nil, b.fail("locate", key, fmt.Errorf("%w: without credentials nothing is signed", errors.ErrUnsupported))
	}
	options := &storage.SignedURLOptions{
		Scheme: storage.SigningSchemeV4, Method: http.MethodGet, Expires: time.Now().Add(validFor),
		GoogleAccessID: b.client.settings.impersonate, QueryParameters: url.Values{},
	}
	if project := b.client.settings.userProject; project != "" {
		options.QueryParameters.Set("userProject", project)
	}
	signed, err := api.Bucket(b.bucket).SignedURL(key, options)
	if err != nil {
		return nil, b.fail("locate", key, cause.New("these credentials cannot sign: "+err.Error(), errors.ErrUnsupported, err))
	}
	location, err := url.Parse(signed)
	if err != nil {
		return nil, b.fail("locate", key, errors.New("the SDK made a URL that is none"))
	}
	return location, nil
}
