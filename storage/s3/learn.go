package s3

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/metrics"
	"github.com/aws/smithy-go/tracing"
)

// The SDK builds a stack of some forty layers for each request, which takes longer
// than all else that a client does for a small object. What these layers decide,
// for one bucket, is always the same: the host, the way to write the key, region
// and service of the signature. So they are asked once, by a request that is not
// sent, and the frequent requests are then made by hand (see fast).

// learn looks for a short way to the bucket. It is known if the SDK got as far as
// sending; that the way is nil means that the SDK must do it all, for who made the
// client wants to see each request, or the bucket is signed for in another way.
func learn(ctx context.Context, api *s3.Client, bucket string, ours int) (way *fast, known bool) {
	o := api.Options()
	if watched(o, ours) {
		return nil, true
	}
	caught := &catcher{}
	key := "k"
	_, _ = api.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key}, func(o *s3.Options) {
		o.HTTPClient, o.Retryer = caught, aws.NopRetryer{}
	})
	if caught.request == nil {
		return nil, false
	}
	return wayOf(caught.request, o, key), true
}

// watched says whether someone put something of his own into the client, other
// than the options that are ours.
func watched(o s3.Options, ours int) bool {
	_, untraced := o.TracerProvider.(*tracing.NopTracerProvider)
	_, unmetered := o.MeterProvider.(metrics.NopMeterProvider)
	return !untraced || !unmetered || o.ClientLogMode != 0 || len(o.APIOptions) > ours || intercepted(o)
}

// intercepted says whether any of the lists of interceptors holds one.
func intercepted(o s3.Options) bool {
	lists := reflect.ValueOf(o.Interceptors)
	for i := range lists.NumField() {
		if lists.Field(i).Len() > 0 {
			return true
		}
	}
	return false
}

// catcher is an HTTP client that sends nothing.
type catcher struct{ request *http.Request }

var errCaught = errors.New("caught")

func (c *catcher) Do(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/k") { // and no request for a session of S3 Express
		c.request = r
	}
	return nil, errCaught
}

// wayOf reads the way off a request for the key, or returns nil if it is not
// signed as usual.
func wayOf(r *http.Request, o s3.Options, key string) *fast {
	way := &fast{
		client: o.HTTPClient, signer: o.HTTPSignerV4, credentials: o.Credentials, agent: r.Header.Get("User-Agent"),
		base:   url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: strings.TrimSuffix(r.URL.Path, key)},
		raw:    strings.TrimSuffix(r.URL.EscapedPath(), key),
		payer:  r.Header.Get("X-Amz-Request-Payer") != "",
		verify: o.ResponseChecksumValidation != aws.ResponseChecksumValidationWhenRequired,
	}
	authorization := r.Header.Get("Authorization")
	if authorization == "" && o.Credentials == nil { // anonymous
		return way
	}
	// AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …
	scope, _, _ := strings.Cut(strings.TrimPrefix(authorization, "AWS4-HMAC-SHA256 Credential="), ",")
	parts := strings.Split(scope, "/")
	if n := len(parts); strings.HasPrefix(authorization, "AWS4-HMAC-SHA256 ") && n >= 5 && r.URL.RawQuery == "x-id=GetObject" &&
		r.Header.Get("X-Amz-S3session-Token") == "" {
		way.region, way.service = parts[n-3], parts[n-2]
		return way
	}
	return nil
}
